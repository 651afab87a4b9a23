package dev.tracetoll.experiment.gate;

import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;

/** A trial of the gate on a terminal. */
public final class OperatingCurveScreen {

    private final Screen screen;

    /** @param screen where it is shown */
    public OperatingCurveScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    public String render(GateTrial trial) {
        OperatingCurve curve = new OperatingCurve(trial);
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(curve.title()));
        lines.addAll(screen.wrapped(curve.method(), ""));
        lines.addAll(screen.wrapped(curve.environment(), ""));
        lines.add("");
        lines.addAll(new TerminalTable<>(OperatingCurveColumns.table(trial.points()), screen).lines());
        lines.add("");
        lines.addAll(screen.wrapped(
                curve.failure().map(failure -> "FAILED: " + failure).orElse("passed"), ""));
        return screen.text(lines);
    }

    /** Whether the gate did what it must. */
    public static boolean passed(GateTrial trial) {
        return new OperatingCurve(trial).failure().isEmpty();
    }
}
