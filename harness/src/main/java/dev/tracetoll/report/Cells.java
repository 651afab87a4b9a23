package dev.tracetoll.report;

import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;

/** Figures with their intervals, as cells of a table. */
public final class Cells {

    private Cells() {}

    /** A duration in ns, as {@code 23.7 µs}. */
    public static Cell duration(Interval ns) {
        return Cell.of(HumanUnits.duration(ns.median()), HumanUnits.durationRange(ns));
    }

    /** A duration in ns that comes on top of another, as {@code +570 ns}. */
    public static Cell added(Interval ns) {
        return Cell.of(HumanUnits.added(ns.median()), HumanUnits.durationRange(ns));
    }

    /** A ratio, as {@code ×28.8}. */
    public static Cell ratio(Interval ratio) {
        return Cell.of(HumanUnits.ratio(ratio.median()), HumanUnits.ratioRange(ratio));
    }
}
