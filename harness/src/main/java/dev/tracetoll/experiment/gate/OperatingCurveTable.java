package dev.tracetoll.experiment.gate;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.report.TextTable;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A trial of the gate on a terminal. */
public final class OperatingCurveTable {

    private static final int NARROWEST = 40;

    private final TerminalStyle style;
    private final int columns;

    /**
     * @param style with or without colours
     * @param columns width of the terminal
     */
    public OperatingCurveTable(TerminalStyle style, int columns) {
        this.style = style;
        this.columns = Math.max(NARROWEST, columns);
    }

    /** The text, with a line end behind each line. */
    public String render(GateTrial trial) {
        OperatingCurve curve = new OperatingCurve(trial);
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(curve.title()));
        lines.addAll(TextTable.wrapped(curve.method(), "", columns));
        lines.addAll(TextTable.wrapped(curve.environment(), "", columns));
        lines.add("");
        lines.addAll(new TextTable<>(List.of(
                new Column<Point>("slowdown", false, OperatingCurve::name),
                new Column<Point>("in truth", true, OperatingCurve::measured),
                count("dearer", Verdict.DEARER),
                new Column<Point>("95 %", false, point -> OperatingCurve.percentRange(OperatingCurve.share(point, Verdict.DEARER))),
                count("inconclusive", Verdict.INCONCLUSIVE), count("fine", Verdict.FINE), count("cheaper", Verdict.CHEAPER)), trial.points())
                .lines(style, point -> point.made().isEmpty() && point.dearer() > 0));
        lines.add("");
        lines.addAll(TextTable.wrapped(curve.failure().map(failure -> "FAILED: " + failure).orElse("passed"), "", columns));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Whether the gate did what it must. */
    public static boolean passed(GateTrial trial) {
        return new OperatingCurve(trial).failure().isEmpty();
    }

    private static Column<Point> count(String title, Verdict verdict) {
        return new Column<>(title, true, point -> Integer.toString(point.count(verdict)));
    }
}
