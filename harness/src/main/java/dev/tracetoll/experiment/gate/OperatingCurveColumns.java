package dev.tracetoll.experiment.gate;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.EnumSet;
import java.util.List;

/** The tables of a trial of the gate. */
final class OperatingCurveColumns {

    private OperatingCurveColumns() {}

    /** What the gate said of slowdowns. */
    static Table<Point> table(List<Point> points) {
        return Table.whole(
                points,
                List.of(
                        Column.name("slowdown", point -> Cell.of(OperatingCurve.name(point))),
                        Column.<Point>number(
                                        "in truth",
                                        point -> Cell.of(
                                                OperatingCurve.measured(point), OperatingCurve.measuredRange(point)))
                                .withIntervals(EnumSet.of(MARKDOWN)),
                        Column.<Point>number(
                                        "dearer",
                                        point -> Cell.of(
                                                Integer.toString(point.dearer()),
                                                OperatingCurve.percentRange(
                                                        OperatingCurve.share(point, Verdict.DEARER))))
                                .withIntervals()
                                .marked(point -> point.made().isEmpty() && point.dearer() > 0),
                        count("inconclusive", Verdict.INCONCLUSIVE),
                        count("fine", Verdict.FINE),
                        count("cheaper", Verdict.CHEAPER)));
    }

    private static Column<Point> count(String title, Verdict verdict) {
        return Column.number(title, point -> Cell.of(Integer.toString(point.count(verdict))));
    }

    /**
     * What the gate said at a budget.
     *
     * @param rounds of each of the two runs that are compared
     * @param seconds that measuring one of them takes
     * @param points of the slowdowns
     */
    record Budget(int rounds, double seconds, List<Point> points) {}

    /** What a longer budget adds. */
    static Table<Budget> budgets(List<Budget> budgets) {
        return Table.whole(
                budgets,
                List.of(
                        Column.number("rounds", budget -> Cell.of(Integer.toString(budget.rounds()))),
                        Column.number("about", budget -> Cell.of(HumanUnits.duration(budget.seconds() * 1e9))),
                        Column.number(
                                "comparisons",
                                budget -> Cell.of(
                                        Integer.toString(budget.points().get(0).comparisons()))),
                        share("none: dearer", 0, Verdict.DEARER),
                        share("inconclusive", 0, Verdict.INCONCLUSIVE),
                        share("5 %: dearer", 5, Verdict.DEARER),
                        share("inconclusive", 5, Verdict.INCONCLUSIVE),
                        share("fine", 5, Verdict.FINE),
                        share("10 %: dearer", 10, Verdict.DEARER),
                        share("inconclusive", 10, Verdict.INCONCLUSIVE)));
    }

    private static Column<Budget> share(String title, int percent, Verdict verdict) {
        return Column.number(title, budget -> Cell.of(share(budget.points(), percent, verdict)));
    }

    /** Of the slowdowns of a size, in both places; 0 is none at all. */
    private static String share(List<Point> points, int percent, Verdict verdict) {
        List<Point> of = points.stream()
                .filter(point -> point.made().map(Slowdown::percent).orElse(0) == percent)
                .toList();
        int all = of.stream().mapToInt(Point::comparisons).sum();
        return Math.round(100.0
                        * of.stream().mapToInt(point -> point.count(verdict)).sum()
                        / all) + " %";
    }
}
