package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.ArrayList;
import java.util.List;

/** The two curves that a size follows from, as a table of few of their points. */
final class CurveColumns {

    private static final double NEXT = 2;

    private CurveColumns() {}

    /** One point for each doubling of the time, and the one with the largest distance. */
    static Table<Tuning.CurvePoint> table(List<Tuning.CurvePoint> points) {
        Tuning.CurvePoint widest = Tuning.CurvePoint.widest(points).orElse(null);
        List<Tuning.CurvePoint> few = new ArrayList<>();
        double next = 0;
        for (Tuning.CurvePoint point : points) {
            if (point.ns() >= next || point.equals(widest)) {
                few.add(point);
                next = Math.max(next, NEXT * point.ns());
            }
        }
        return Table.whole(
                few,
                List.of(
                        Column.number(
                                "within",
                                point -> Cell.of(point.ns() == 0 ? "an instant" : HumanUnits.duration(point.ns()))),
                        Column.number(
                                "comes at most", point -> Cell.of(HumanUnits.bytes(Math.round(point.arrivedBytes())))),
                        Column.number(
                                "is read at least",
                                point -> Cell.of(HumanUnits.bytes(Math.round(point.servedBytes())))),
                        Column.number(
                                "is to be held",
                                point -> Cell.of(HumanUnits.bytes(Math.max(0, Math.round(point.toBeHeldBytes())))
                                        + (point.equals(widest) ? " (most)" : "")))));
    }
}
