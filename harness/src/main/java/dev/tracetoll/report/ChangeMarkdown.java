package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;

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
            lines.add(MARKDOWN.escape(Sentence.of(WorkloadWords.of(workload))));
            lines.add("");
            lines.addAll(MarkdownTable.lines(
                    ChangeColumns.table(rows, changes.change().across())));
        });
        lines.add("");
        changes.notes().forEach(note -> lines.add("- " + MARKDOWN.escape(note) + "."));
        changes.runs().forEach(run -> lines.add("- " + MARKDOWN.escape(Sentence.of(run))));
        changes.differences().ifPresent(words -> lines.add("- " + MARKDOWN.escape(Sentence.of(words))));
        lines.add("- " + MARKDOWN.escape(Sentence.of(changes.method())));
        return Lines.joined(lines);
    }
}
