package dev.tracetoll.browser;

/** What can be wrong with a page. */
public enum Check {
    /** It asks for something that is neither in it nor a file, or for a file that is not there. */
    REQUEST,
    /** The browser complains of it. */
    CONSOLE,
    /** It has a script, or something that would run one, or says something by itself. */
    SCRIPT,
    /** A chart has no name, or is not told to be one picture. */
    CHART_NAME,
    /** A chart does not say in words what it shows, or says what another says. */
    CHART_WORDS,
    /** It is wider than the screen. */
    OVERFLOW,
    /** Something wider than its place is cut, or can only be scrolled with a mouse; on paper, nothing can be scrolled. */
    SCROLLING,
    /** Texts of a chart lie on each other. */
    OVERLAP,
    /** A text of a chart goes beyond its edge. */
    CUT,
    /** A text of a chart has less contrast to what it stands on than 4.5, which WCAG 2 asks for at level AA. */
    CONTRAST,
    /** A text is smaller than 9 CSS pixels, on paper than 8, which are 6 points. */
    SMALL,
    /** It is light for a reader who wants dark pages, or dark for one who does not. */
    SCHEME,
    /** axe-core finds that it breaks a rule of WCAG 2, level A or AA. */
    ACCESSIBILITY,
    /** On paper, it has an empty page, or far more pages than it is long. */
    PAPER,
    /** On paper, the last column of a table is missing. */
    PAPER_COLUMN
}
