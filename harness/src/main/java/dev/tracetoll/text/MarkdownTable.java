package dev.tracetoll.text;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.text.Column.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown as GitHub shows it, whole however wide. */
public final class MarkdownTable {

    private MarkdownTable() {}

    /** The lines, without line ends. */
    public static <R> List<String> lines(Table<R> table) {
        List<Lane> lanes = table.columns(MARKDOWN).stream()
                .flatMap(column -> column.lanes(MARKDOWN, table.rows()).stream())
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add(line(lanes, Lane::title));
        lines.add(line(lanes, lane -> lane.numeric() ? "---:" : "---"));
        IntStream.range(0, table.rows().size())
                .forEach(row -> lines.add(line(lanes, lane -> lane.texts().get(row))));
        return lines;
    }

    private static String line(List<Lane> lanes, Function<Lane, String> text) {
        return lanes.stream().map(text).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
