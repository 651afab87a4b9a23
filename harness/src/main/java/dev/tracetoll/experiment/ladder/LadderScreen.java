package dev.tracetoll.experiment.ladder;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.TerminalChart;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ladder on a terminal: a table for each group of rungs on each placement, residues below, warnings last. */
final class LadderScreen {

    private static final String INDENT = "    ";

    private final Screen screen;

    /** @param screen where one table does not fit, its right part goes below */
    LadderScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    String render(LadderFigures ladder) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(ladder.title()));
        lines.addAll(wrapped(ladder.method()));
        lines.addAll(wrapped(ladder.environment()));
        for (LadderFigures.Section section : ladder.sections()) {
            lines.add("");
            lines.add(screen.style().bold(section.title()));
            lines.addAll(new TerminalTable<>(LadderColumns.rungs(section.rows()), screen).lines());
            section.rows().stream()
                    .map(Row::residueInWords)
                    .flatMap(Optional::stream)
                    .forEach(words -> lines.addAll(wrapped(words)));
            List<String> chart = new TerminalChart(lanes(section), screen).lines();
            if (!chart.isEmpty()) {
                lines.add("");
                lines.addAll(chart);
            }
        }
        if (!ladder.claims().isEmpty()) {
            lines.add("");
            lines.add(screen.style().bold("Bounds"));
            lines.addAll(claims(ladder.claims()));
            ladder.sustained().ifPresent(words -> lines.addAll(screen.wrapped(words, INDENT)));
        }
        lines.add("");
        ladder.noiseFloors().forEach(words -> lines.addAll(wrapped(words)));
        lines.addAll(wrapped(ladder.accounting()));
        lines.addAll(WarningLines.of(ladder.run().warnings(), screen));
        return screen.text(lines);
    }

    /** Of each rung what a call takes, all that tracing it costs included. */
    private static List<TerminalChart.Lane> lanes(LadderFigures.Section section) {
        return section.rows().stream()
                .map(row -> new TerminalChart.Lane(
                        row.name(),
                        TechniqueRegistry.ALL
                                .facts(row.arm().technique())
                                .plain()
                                .hue(),
                        row.wholeNs(),
                        row.flaw()))
                .toList();
    }

    private List<String> claims(List<ClaimWords> claims) {
        TerminalTable<ClaimWords> table = new TerminalTable<>(LadderColumns.claims(claims), screen);
        return table.fits()
                ? table.lines()
                : claims.stream()
                        .flatMap(words -> screen.wrapped(words.sentence(), INDENT).stream()
                                .map(line -> words.claim().outcome().missed()
                                        ? screen.style().red(line)
                                        : line))
                        .toList();
    }

    private List<String> wrapped(String text) {
        return screen.wrapped(text, "");
    }
}
