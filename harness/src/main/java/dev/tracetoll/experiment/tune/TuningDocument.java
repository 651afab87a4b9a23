package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import java.util.ArrayList;
import java.util.List;

/** A tuning as a part of the documentation, in Markdown. */
final class TuningDocument {

    /** What its files are called. */
    static final String NAME = "tuning";

    private final Tuning tuning;
    private final TuningWords words;

    TuningDocument(Tuning tuning) {
        this.tuning = tuning;
        this.words = new TuningWords(tuning);
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# " + words.title());
        lines.add("");
        lines.add("This page is made by `" + String.join(" ", tuning.command()) + "`: " + words.method() + ".");
        lines.add("It was measured on " + EnvironmentLine.of(tuning.environment()) + ".");
        lines.add("");
        lines.add(words.advice());
        words.options().forEach(options -> lines.addAll(List.of("", "    " + options)));
        lines.add("");
        lines.addAll(MarkdownTable.lines(TuningColumns.policies(tuning)));
        lines.add("");
        lines.add(
                "*Needs* is what the model says: the largest distance between what comes within any time and what the reader takes away within it.");
        lines.add("*Added to a call* is what the traced program pays, with its interval of 95 %.");
        tuning.advice().filter(advice -> !advice.risks().isEmpty()).ifPresent(advice -> {
            lines.addAll(List.of("", "## How sure that is", ""));
            lines.add(
                    "From the most that was unread in each 20 ms, by extreme value statistics; a program that changes its ways is another program.");
            lines.add("");
            lines.addAll(MarkdownTable.lines(TuningColumns.risks(advice.risks())));
        });
        words.verification().ifPresent(table -> {
            lines.addAll(List.of("", "## Tried once more", ""));
            lines.addAll(MarkdownTable.lines(table));
        });
        lines.addAll(List.of("", "## What comes, and what is read", ""));
        lines.addAll(MarkdownTable.lines(CurveColumns.table(tuning.curves())));
        if (!words.tools().isEmpty()) {
            lines.addAll(List.of("", "## The same for other tools", ""));
            lines.addAll(MarkdownTable.lines(TuningColumns.tools(words.tools())));
        }
        return Lines.joined(lines);
    }
}
