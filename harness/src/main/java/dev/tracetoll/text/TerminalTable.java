package dev.tracetoll.text;

import static dev.tracetoll.text.Rendering.TERMINAL;

import dev.tracetoll.text.Column.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table on a terminal; where it is too wide, its right part goes below, with the names of its rows again. */
public final class TerminalTable<R> {

    private static final String GAP = "  ";

    private final Table<R> table;
    private final Screen screen;

    /**
     * @param table what to show
     * @param screen where
     */
    public TerminalTable(Table<R> table, Screen screen) {
        this.table = table;
        this.screen = screen;
    }

    /** Whether it is shown in one piece that is not wider than the screen. */
    public boolean fits() {
        return parts().size() == 1 && width(parts().get(0)) <= screen.columns();
    }

    /** The lines, the titles' first in bold; those of rows with something to notice in red. An empty line between parts. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<Lane<R>> part : parts()) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            int[] widths = part.stream().mapToInt(this::width).toArray();
            lines.add(screen.style().bold(line(part, widths, Lane::title)));
            for (R row : table.rows()) {
                String line = line(part, widths, lane -> lane.text().apply(row));
                lines.add(alarming(row) ? screen.style().red(line) : line);
            }
        }
        return lines;
    }

    /** As few as fit, of as many groups each as fit. */
    private List<List<Lane<R>>> parts() {
        List<List<Lane<R>>> parts = new ArrayList<>();
        List<Lane<R>> part = List.of();
        for (List<Column<R>> group : table.groups()) {
            List<Lane<R>> wider = joined(part, lanes(group.stream()));
            if (!part.isEmpty() && width(wider) > screen.columns()) {
                parts.add(part);
                wider = lanes(Stream.concat(table.columns(TERMINAL).stream().filter(Column::naming), group.stream()));
            }
            part = wider;
        }
        parts.add(part);
        return parts;
    }

    private static <R> List<Lane<R>> lanes(Stream<Column<R>> columns) {
        return columns.filter(column -> column.renderings().contains(TERMINAL)).flatMap(column -> column.lanes(TERMINAL).stream()).toList();
    }

    private static <T> List<T> joined(List<T> left, List<T> right) {
        return Stream.concat(left.stream(), right.stream()).toList();
    }

    private boolean alarming(R row) {
        return table.columns(TERMINAL).stream().anyMatch(column -> column.of(row).alarming());
    }

    private int width(List<Lane<R>> part) {
        return part.stream().mapToInt(this::width).sum() + GAP.length() * (part.size() - 1);
    }

    private int width(Lane<R> lane) {
        return Stream.concat(Stream.of(lane.title()), table.rows().stream().map(lane.text())).mapToInt(TerminalTable::length).max().orElseThrow();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private String line(List<Lane<R>> part, int[] widths, Function<Lane<R>, String> text) {
        return IntStream.range(0, part.size()).mapToObj(i -> padded(text.apply(part.get(i)), part.get(i).numeric(), widths[i]))
                .collect(Collectors.joining(GAP)).stripTrailing();
    }

    private static String padded(String text, boolean right, int width) {
        String padding = " ".repeat(width - length(text));
        return right ? padding + text : text + padding;
    }
}
