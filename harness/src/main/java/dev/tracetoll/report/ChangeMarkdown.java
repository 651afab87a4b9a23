package dev.tracetoll.report;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.report.TextTable.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Two runs that were compared, in Markdown as GitHub shows it, for the summary of a step in CI. */
public final class ChangeMarkdown {

    /** The text, with a line end behind each line. */
    public String render(Changes changes) {
        List<String> lines = new ArrayList<>();
        lines.add("### " + text(changes.title()));
        lines.add("");
        lines.add("**" + text(Html.sentence(changes.verdict())) + "**");
        changes.byWorkload().forEach((workload, rows) -> {
            lines.add("");
            lines.add(text(Html.sentence(Changes.inWords(workload))));
            lines.add("");
            table(rows, changes.change().across(), lines);
        });
        lines.add("");
        changes.notes().forEach(note -> lines.add("- " + text(note) + "."));
        changes.runs().forEach(run -> lines.add("- " + text(Html.sentence(run))));
        changes.differences().ifPresent(words -> lines.add("- " + text(Html.sentence(words))));
        lines.add("- " + text(Html.sentence(changes.method())));
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
            lines.add(line(columns, column -> emphasis + text(column.of(row)) + emphasis));
        }
    }

    private static String line(List<Column<Change>> columns, Function<Column<Change>, String> cell) {
        return columns.stream().map(cell).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** What Markdown would take for its own is written so that it shows as it is. */
    private static String text(String text) {
        return Html.escape(text).replaceAll("([\\\\|*_`\\[\\]])", "\\\\$1");
    }
}
