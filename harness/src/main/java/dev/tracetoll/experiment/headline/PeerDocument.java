package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import dev.tracetoll.tracing.registry.Insight;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run says of other tools, as the page of the documentation that is made from it, in Markdown. */
final class PeerDocument {

    private final Run run;

    private final List<PeerFigures> figures;

    /** @param figures of the workloads that peers were measured on */
    PeerDocument(Run run, List<PeerFigures> figures) {
        this.run = run;
        this.figures = figures;
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# What other tools cost beside ours");
        lines.add("");
        lines.add("These tables are made from the results of `" + String.join(" ", run.command()) + "`, measured "
                + run.started().atOffset(ZoneOffset.UTC).toLocalDate() + " on " + EnvironmentLine.of(run.environment())
                + ".");
        lines.add("Tools: "
                + new TreeMap<>(run.environment().tools())
                        .entrySet().stream()
                                .map(tool -> tool.getKey() + " (" + tool.getValue() + ")")
                                .collect(Collectors.joining(", "))
                + ".");
        lines.add("");
        lines.add("What a technique tells:");
        lines.add("");
        Stream.of(Insight.Level.values())
                .forEach(level -> lines.add("- " + level.name().toLowerCase(Locale.ROOT) + ": " + level.explanation()));
        for (PeerFigures of : figures) {
            Workload workload = of.headline().workload();
            lines.add("");
            lines.add("## Target `" + workload.target() + "`: " + of.headline().title());
            lines.add("");
            lines.add(Sentence.of(of.headline().method()));
            lines.add("");
            lines.addAll(MarkdownTable.lines(PeerColumns.table(of.rows())));
            lines.add("");
            of.findings().forEach(finding -> lines.add("- " + Sentence.of(finding)));
            of.headline().noiseFloorInWords().ifPresent(words -> lines.add("- " + Sentence.of(words)));
        }
        if (!run.warnings().isEmpty()) {
            lines.add("");
            lines.add("Warnings of the run:");
            lines.add("");
            run.warnings()
                    .forEach(warning ->
                            lines.add("- " + Sentence.of(warning.what()) + " " + Sentence.of(warning.remedy())));
        }
        return Lines.joined(lines);
    }
}
