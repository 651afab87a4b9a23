package dev.tracetoll.report;

import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table on a terminal.
 *
 * @param columns from left to right
 * @param rows from top to bottom
 */
public record TextTable<R>(List<Column<R>> columns, List<R> rows) {

    private static final String GAP = "  ";

    /**
     * A column.
     *
     * @param title above it
     * @param numeric whether it is set flush right
     * @param cell what it says of a row
     */
    public record Column<R>(String title, boolean numeric, Function<R, String> cell) {

        /** What comes from a file may have in it what a terminal obeys. */
        public String of(R row) {
            return cell.apply(row).replaceAll("\\p{Cntrl}", "?");
        }
    }

    private int width(Column<R> column) {
        return Math.max(column.title().length(), rows.stream().mapToInt(row -> column.of(row).length()).max().orElse(0));
    }

    /** How many columns of a terminal it takes. */
    public int width() {
        return columns.stream().mapToInt(this::width).sum() + GAP.length() * (columns.size() - 1);
    }

    /** The lines, the title's first; those of alarming rows in red. */
    public List<String> lines(TerminalStyle style, Predicate<R> alarming) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(line(Column::title)));
        for (R row : rows) {
            String line = line(column -> column.of(row));
            lines.add(alarming.test(row) ? style.red(line) : line);
        }
        return lines;
    }

    private String line(Function<Column<R>, String> text) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> padded(columns.get(i), text.apply(columns.get(i))))
                .collect(Collectors.joining(GAP)).stripTrailing();
    }

    private String padded(Column<R> column, String text) {
        String padding = " ".repeat(width(column) - text.length());
        return column.numeric() ? padding + text : text + padding;
    }

    /** The lines of a text in so many columns, all but the first indented. */
    public static List<String> wrapped(String text, String indent, int columns) {
        List<String> lines = new ArrayList<>();
        String rest = text.replaceAll("\\p{Cntrl}", "?");
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
