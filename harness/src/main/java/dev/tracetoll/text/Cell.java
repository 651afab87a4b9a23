package dev.tracetoll.text;

/**
 * What a table says of a row in a column.
 *
 * @param text in a word or a figure
 * @param interval of the figure, or what else is said of the text in small; empty if there is none
 * @param kind how it is to be taken
 */
public record Cell(String text, String interval, Kind kind) {

    /** How a cell is to be taken. */
    enum Kind {
        PLAIN,
        MARKED,
        FLAW,
        NOTHING
    }

    /** Where there is nothing that could be said; each rendering has its own sign for it. */
    public static final Cell NOTHING = new Cell("", "", Kind.NOTHING);

    /** A further figure of a row whose flaw another cell names. */
    public static final Cell WITHHELD = flaw("");

    /** A word, or a figure without an interval. */
    public static Cell of(String text) {
        return of(text, "");
    }

    /**
     * A figure with its interval.
     *
     * @param text the figure
     * @param interval its interval
     */
    public static Cell of(String text, String interval) {
        return new Cell(text, interval, Kind.PLAIN);
    }

    /**
     * The reason why a figure is not shown, in its place. A page has room for it behind the row's name, where it stays in sight.
     *
     * @param name as {@code LOSSY}
     */
    public static Cell flaw(String name) {
        return new Cell(name, "", Kind.FLAW);
    }

    /** The same, to be noticed. */
    Cell marked() {
        return kind == Kind.PLAIN ? new Cell(text, interval, Kind.MARKED) : this;
    }

    boolean flawed() {
        return kind == Kind.FLAW;
    }

    /** Whether its row is to be noticed. */
    boolean alarming() {
        return kind == Kind.MARKED || flawed();
    }

    /** The text as a rendering shows it that has no other place for a flaw. */
    String shown(Rendering rendering) {
        return kind == Kind.NOTHING ? rendering.nothing() : emphasized(text, rendering);
    }

    String intervalShown(Rendering rendering) {
        return emphasized(interval, rendering);
    }

    private String emphasized(String part, Rendering rendering) {
        String escaped = rendering.escape(part);
        return alarming() && !escaped.isEmpty() ? rendering.marked(escaped) : escaped;
    }
}
