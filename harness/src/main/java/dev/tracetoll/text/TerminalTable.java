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
    private final List<List<Lane>> parts;

    /**
     * @param table what to show
     * @param screen where
     */
    public TerminalTable(Table<R> table, Screen screen) {
        this.table = table;
        this.screen = screen;
        parts = parts();
    }

    /** Whether it is shown in one piece that is not wider than the screen. */
    public boolean fits() {
        return parts.size() == 1 && width(parts.get(0)) <= screen.columns();
    }

    /** The lines, the titles' first in bold; those of rows with something to notice in red. An empty line between parts. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<Lane> part : parts) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            int[] widths = part.stream().mapToInt(TerminalTable::width).toArray();
            lines.add(screen.style().bold(line(part, widths, Lane::title)));
            for (int i = 0; i < table.rows().size(); i++) {
                int row = i;
                String line = line(part, widths, lane -> lane.texts().get(row));
                lines.add(alarming(table.rows().get(row)) ? screen.style().red(line) : line);
            }
        }
        return lines;
    }

    /** As few as fit, of as many groups each as fit. */
    private List<List<Lane>> parts() {
        List<List<Lane>> found = new ArrayList<>();
        List<Lane> part = List.of();
        for (List<Column<R>> group : table.groups()) {
            List<Lane> lanes = lanes(group.stream());
            List<Lane> wider = joined(part, lanes);
            if (!part.isEmpty() && width(wider) > screen.columns()) {
                found.add(part);
                wider = joined(lanes(table.columns(TERMINAL).stream().filter(Column::naming)), lanes);
            }
            part = wider;
        }
        found.add(part);
        return found;
    }

    private List<Lane> lanes(Stream<Column<R>> columns) {
        return columns.filter(column -> column.renderings().contains(TERMINAL))
                .flatMap(column -> column.lanes(TERMINAL, table.rows()).stream())
                .toList();
    }

    private static List<Lane> joined(List<Lane> left, List<Lane> right) {
        return Stream.concat(left.stream(), right.stream()).toList();
    }

    private boolean alarming(R row) {
        return table.columns(TERMINAL).stream()
                .anyMatch(column -> column.of(row).alarming());
    }

    private static int width(List<Lane> part) {
        return part.stream().mapToInt(TerminalTable::width).sum() + GAP.length() * (part.size() - 1);
    }

    private static int width(Lane lane) {
        return Stream.concat(Stream.of(lane.title()), lane.texts().stream())
                .mapToInt(TerminalTable::length)
                .max()
                .orElseThrow();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String line(List<Lane> part, int[] widths, Function<Lane, String> text) {
        return IntStream.range(0, part.size())
                .mapToObj(i -> padded(text.apply(part.get(i)), part.get(i).numeric(), widths[i]))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String padded(String text, boolean right, int width) {
        String padding = " ".repeat(width - length(text));
        return right ? padding + text : text + padding;
    }
}
