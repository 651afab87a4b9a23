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

    static final String CURVES = "tuning-curves";
    static final String POLICIES = "tuning-policies";
    static final String LATENCY = "tuning-latency";

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
        lines.addAll(picture(POLICIES, "Added to a call against the size of the buffer, policy by policy"));
        lines.addAll(MarkdownTable.lines(TuningColumns.policies(tuning)));
        lines.add("");
        lines.addAll(picture(LATENCY, "How long records wait, policy by policy"));
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
        if (!tuning.wakeups().isEmpty()) {
            lines.addAll(List.of("", "## What wakeups cost", ""));
            lines.add(
                    "Of the BPF ring buffer, by rate; the last is as fast as can be. What a policy adds follows from how many wakeups it makes: none,");
            lines.add(
                    "one for each record, one for so many, or one for as many as come until the reader has caught up.");
            lines.add("");
            lines.addAll(MarkdownTable.lines(WakeupColumns.table(tuning.wakeups())));
        }
        lines.addAll(List.of("", "## What comes, and what is read", ""));
        lines.addAll(picture(CURVES, "The most that comes and the least that is read within a time"));
        lines.addAll(MarkdownTable.lines(CurveColumns.table(tuning.curves())));
        if (!words.tools().isEmpty()) {
            lines.addAll(List.of("", "## The same for other tools", ""));
            lines.addAll(MarkdownTable.lines(TuningColumns.tools(words.tools())));
        }
        return Lines.joined(lines);
    }

    private static List<String> picture(String name, String alternative) {
        return List.of(
                "<picture>",
                "  <source media=\"(prefers-color-scheme: dark)\" srcset=\"" + name + "-dark.png\">",
                "  <img alt=\"" + alternative + "\" src=\"" + name + ".png\">",
                "</picture>",
                "");
    }
}
