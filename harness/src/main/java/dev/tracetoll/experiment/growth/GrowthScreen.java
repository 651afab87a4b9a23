package dev.tracetoll.experiment.growth;

import dev.tracetoll.experiment.growth.GrowthFigures.Series;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;

/** Growth on a terminal: a table for each axis, below it the fitted lines. */
final class GrowthScreen {

    private final Screen screen;

    /** @param screen where it is shown */
    GrowthScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    String render(GrowthFigures growth) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(growth.title()));
        lines.addAll(screen.wrapped(growth.method(), ""));
        lines.addAll(screen.wrapped(growth.environment(), ""));
        for (GrowthAxis axis : growth.axes()) {
            lines.add("");
            lines.addAll(new TerminalTable<>(GrowthColumns.table(axis, growth.on(axis)), screen).lines());
            growth.on(axis).forEach(series -> line(series).forEach(text -> lines.addAll(screen.wrapped(text, "    "))));
        }
        lines.addAll(WarningLines.of(growth.run().warnings(), screen));
        return screen.text(lines);
    }

    /** The fitted line, in words; nothing if there is none. */
    static List<String> line(Series series) {
        if (series.fixedNs().isEmpty() || series.growingNs().isEmpty()) {
            return List.of();
        }
        return List.of(series.technique() + ": "
                + HumanUnits.duration(series.fixedNs().get().median()) + " ("
                + HumanUnits.durationRange(series.fixedNs().get()) + ") "
                + series.axis().fixedPart() + ", "
                + HumanUnits.duration(series.growingNs().get().median()) + " ("
                + HumanUnits.durationRange(series.growingNs().get()) + ") "
                + series.axis().growingPart());
    }
}
