package dev.tracetoll.text;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.text.Column.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table in Markdown as GitHub shows it, whole however wide. */
public final class MarkdownTable {

    private MarkdownTable() {}

    /** The lines, without line ends. */
    public static <R> List<String> lines(Table<R> table) {
        List<Lane<R>> lanes = table.columns(MARKDOWN).stream().flatMap(column -> column.lanes(MARKDOWN).stream()).toList();
        List<String> lines = new ArrayList<>();
        lines.add(line(lanes, Lane::title));
        lines.add(line(lanes, lane -> lane.numeric() ? "---:" : "---"));
        table.rows().forEach(row -> lines.add(line(lanes, lane -> lane.text().apply(row))));
        return lines;
    }

    private static <R> String line(List<Lane<R>> lanes, Function<Lane<R>, String> text) {
        return lanes.stream().map(text).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
