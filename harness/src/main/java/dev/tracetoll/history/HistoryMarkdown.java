package dev.tracetoll.history;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.report.WorkloadWords;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;

/** A history in Markdown as GitHub shows it. */
final class HistoryMarkdown {

    private HistoryMarkdown() {}

    /** The text, with a line end behind each line. */
    static String of(History history) {
        List<String> lines = new ArrayList<>();
        lines.add("# " + MARKDOWN.escape(Words.title(history)));
        lines.add("");
        lines.add(MARKDOWN.escape(Sentence.of(Words.lead(history))));
        lines.add("");
        lines.add("## What has changed");
        lines.add("");
        String summary = Words.summary(history);
        if (summary.isEmpty()) {
            lines.addAll(MarkdownTable.lines(HistoryColumns.changes(history)));
        } else {
            lines.add(MARKDOWN.escape(Sentence.of(summary)));
        }
        history.byWorkload().forEach((workload, arms) -> {
            lines.add("");
            lines.add("## " + MARKDOWN.escape(Sentence.capitalised(WorkloadWords.of(workload))));
            arms.forEach(arm -> {
                lines.add("");
                lines.add("### " + MARKDOWN.escape(arm.arm()));
                lines.add("");
                lines.addAll(MarkdownTable.lines(HistoryColumns.readings(history, arm)));
            });
        });
        if (!history.leftOut().isEmpty()) {
            lines.add("");
            lines.add("## Left out");
            lines.add("");
            history.leftOut().forEach(line -> lines.add("- " + MARKDOWN.escape(Sentence.of(line))));
        }
        lines.add("");
        lines.add("## How to read it");
        Words.method().forEach(paragraph -> {
            lines.add("");
            lines.add(MARKDOWN.escape(paragraph));
        });
        return Lines.joined(lines);
    }
}
