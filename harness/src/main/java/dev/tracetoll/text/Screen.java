package dev.tracetoll.text;

import static dev.tracetoll.text.Rendering.TERMINAL;

import java.util.ArrayList;
import java.util.List;

/**
 * The terminal that text is shown on.
 *
 * @param style with or without colours
 * @param letters the characters that it shows
 * @param columns width of a line; what is narrower than {@value #NARROWEST} columns is taken to have as many
 */
public record Screen(TerminalStyle style, Letters letters, int columns) {

    private static final int NARROWEST = 40;

    public Screen {
        columns = Math.max(NARROWEST, columns);
    }

    /** One that shows all characters. */
    public Screen(TerminalStyle style, int columns) {
        this(style, Letters.UNICODE, columns);
    }

    /** A text of lines, with a line end behind each, in the characters that are shown here. */
    public String text(List<String> lines) {
        return letters.shown(Lines.joined(lines));
    }

    /** The lines of a text, all but the first indented. */
    public List<String> wrapped(String text, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = letters.shown(TERMINAL.escape(text));
        while (rest.length() > columns) {
            int space = rest.lastIndexOf(' ', columns);
            int cut = space > indent.length() ? space : columns;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = indent + rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
