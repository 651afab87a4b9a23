package dev.tracetoll.experiment.program;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.TerminalChart;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.List;

/** Runs of somebody's own program on a terminal. */
final class ProgramScreen {

    private final Screen screen;

    ProgramScreen(Screen screen) {
        this.screen = screen;
    }

    /** The figures, with a line end behind each line. */
    String render(Run run) {
        ProgramFigures figures = new ProgramFigures(run);
        ProgramWords words = new ProgramWords(figures);
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(new ProgramExhibit(figures).heading()));
        lines.addAll(screen.wrapped(words.method(), ""));
        lines.addAll(screen.wrapped(EnvironmentLine.of(run.environment()), ""));
        for (String metric : figures.printed()) {
            lines.add("");
            lines.addAll(new TerminalTable<>(ProgramColumns.metric(figures, metric), screen).lines());
        }
        lines.add("");
        lines.addAll(new TerminalTable<>(ProgramColumns.runs(figures), screen).lines());
        if (figures.printed().isEmpty()) {
            lines.add("");
            lines.addAll(new TerminalChart(
                            figures.arms().stream()
                                    .map(arm -> new TerminalChart.Lane(
                                            arm.name(),
                                            TechniqueRegistry.ALL
                                                    .facts(arm.technique())
                                                    .plain()
                                                    .hue(),
                                            figures.timeNs(arm),
                                            Flaw.of(arm)))
                                    .toList(),
                            screen)
                    .lines());
        }
        lines.addAll(WarningLines.of(run.warnings(), screen));
        return screen.text(lines);
    }

    /** What it comes to, in a sentence. */
    String renderAnswer(Run run) {
        return screen.text(screen.wrapped(new ProgramWords(new ProgramFigures(run)).finding(), "  ").stream()
                .map(screen.style()::bold)
                .toList());
    }
}
