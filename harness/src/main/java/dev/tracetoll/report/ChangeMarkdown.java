package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Two runs that were compared, in Markdown as GitHub shows it, for the summary of a step in CI. */
public final class ChangeMarkdown {

    /** The text, with a line end behind each line. */
    public String render(Changes changes) {
        List<String> lines = new ArrayList<>();
        lines.add("### " + MARKDOWN.escape(changes.title()));
        lines.add("");
        lines.add("**" + MARKDOWN.escape(Sentence.of(changes.verdict())) + "**");
        changes.byWorkload().forEach((workload, rows) -> {
            lines.add("");
            lines.add(MARKDOWN.escape(Sentence.of(Changes.inWords(workload))));
            lines.add("");
            table(rows, changes.change().across(), lines);
        });
        lines.add("");
        changes.notes().forEach(note -> lines.add("- " + MARKDOWN.escape(note) + "."));
        changes.runs().forEach(run -> lines.add("- " + MARKDOWN.escape(Sentence.of(run))));
        changes.differences().ifPresent(words -> lines.add("- " + MARKDOWN.escape(Sentence.of(words))));
        lines.add("- " + MARKDOWN.escape(Sentence.of(changes.method())));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static void table(List<Change> rows, boolean across, List<String> lines) {
        List<Column<Change>> columns = new ArrayList<>(List.of(ChangeColumns.arm()));
        columns.addAll(ChangeColumns.figures());
        columns.addAll(ChangeColumns.judgement());
        if (!across) {
            columns.addAll(ChangeColumns.times());
        }
        lines.add(line(columns, Column::title));
        lines.add(line(columns, column -> column.numeric() ? "---:" : "---"));
        for (Change row : rows) {
            String emphasis = row.verdict() == Verdict.DEARER ? "**" : "";
            lines.add(line(columns, column -> emphasis + MARKDOWN.escape(column.of(row)) + emphasis));
        }
    }

    private static String line(List<Column<Change>> columns, Function<Column<Change>, String> cell) {
        return columns.stream().map(cell).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
