package dev.tracetoll.experiment.ladder;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ladder as a page of the documentation, in Markdown: what each rung is, in a sentence, with its figure. */
final class LadderDocument {

    private final LadderFigures ladder;

    LadderDocument(LadderFigures ladder) {
        this.ladder = ladder;
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# " + ladder.title());
        lines.add("");
        lines.add("This page is made from the results of `"
                + String.join(" ", ladder.run().command()) + "`: " + ladder.method() + ".");
        lines.add("It was measured on " + ladder.environment() + ".");
        lines.add("Times differ between machines; the order of the rungs and the reasons are what to take from it.");
        lines.add("");
        lines.add(
                "Each rung does one thing more than the one below, so what it adds is the price of that thing. The cost is what a call takes");
        lines.add(
                "longer than the same call untraced; of what nobody traces it is the whole call. × floor is the cost divided by the least that");
        lines.add(
                "the mechanism can cost: an empty BPF program on the same probe sites, or a bare stop and continuation. Intervals hold 95 %.");
        claims(lines);
        for (Rung.Group group : Rung.Group.values()) {
            Map<Rung, List<Row>> rungs = new LinkedHashMap<>();
            ladder.rows().stream()
                    .filter(row -> row.rung().group() == group)
                    .forEach(row -> rungs.computeIfAbsent(row.rung(), ignored -> new ArrayList<>())
                            .add(row));
            if (!rungs.isEmpty()) {
                lines.add("");
                lines.add("## " + group.title());
                String picture = LadderExhibit.picture(group);
                lines.add("");
                lines.add("<picture>");
                lines.add("  <source media=\"(prefers-color-scheme: dark)\" srcset=\"" + picture + "-dark.png\">");
                lines.add("  <img alt=\"" + LadderChart.title(group) + "\" src=\"" + picture + ".png\">");
                lines.add("</picture>");
                rungs.values().forEach(rows -> rung(rows, lines));
            }
        }
        lines.add("");
        lines.add("## Noise and losses");
        lines.add("");
        ladder.noiseFloors().forEach(words -> lines.add("- " + Sentence.of(words)));
        lines.add("- " + Sentence.of(ladder.accounting()));
        ladder.run()
                .warnings()
                .forEach(warning ->
                        lines.add("- Warning: " + Sentence.of(warning.what()) + " " + Sentence.of(warning.remedy())));
        lines.add("");
        lines.add("Measured " + ladder.run().started().atOffset(ZoneOffset.UTC).toLocalDate() + " with seed "
                + ladder.run().seed() + ".");
        return Lines.joined(lines);
    }

    private void claims(List<String> lines) {
        if (ladder.claims().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("## Bounds");
        lines.add("");
        lines.add(LadderFigures.CLAIMS);
        List<String> missed = ladder.claims().stream()
                .filter(words -> words.claim().outcome().missed())
                .map(ClaimWords::what)
                .toList();
        lines.add(missed.isEmpty() ? "None is missed." : "**Missed: " + String.join("; ", missed) + ".**");
        lines.add("");
        lines.addAll(MarkdownTable.lines(LadderColumns.claims(ladder.claims())));
        ladder.sustained().ifPresent(words -> {
            lines.add("");
            lines.add(Sentence.of(words));
        });
    }

    private static void rung(List<Row> rows, List<String> lines) {
        Row first = rows.get(0);
        lines.add("");
        lines.add("### " + first.name());
        lines.add("");
        lines.add(first.rung().explanation());
        if (!first.siteClasses().isEmpty()) {
            lines.add("Probe sites: "
                    + first.arm().sites().stream()
                            .map(site -> "`" + site.instruction() + "` (" + site.kind() + ", " + site.siteClass() + ")")
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        lines.add("");
        lines.addAll(MarkdownTable.lines(LadderColumns.placements(rows)));
        List<String> residues = rows.stream()
                .map(row -> row.residueInWords().map(words -> LadderColumns.placement(row) + ": " + words + "."))
                .flatMap(Optional::stream)
                .toList();
        if (!residues.isEmpty()) {
            lines.add("");
            residues.forEach(words -> lines.add("- " + Sentence.of(words)));
        }
    }
}
