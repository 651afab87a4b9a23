package dev.tracetoll.experiment.tune;

import dev.tracetoll.tracing.ring.Arrivals;
import java.util.ArrayList;
import java.util.List;

/**
 * The most that comes within windows of many lengths.
 *
 * @param windows in their order
 * @param totalNs how long it was looked at
 */
record ArrivalCurve(List<Window> windows, double totalNs) {

    /** From one length to the next: fine enough for a curve that is smooth, and quick. */
    private static final double NEXT = 1.02;

    /**
     * A length.
     *
     * @param ns of the window
     * @param bytes the most that came within it
     */
    record Window(double ns, double bytes) {}

    static ArrivalCurve of(Arrivals arrivals) {
        List<Window> windows = new ArrayList<>();
        for (int bins = 1; bins <= arrivals.bins(); bins = Math.max(bins + 1, (int) (bins * NEXT))) {
            // What comes in so many bins may come within less time, by one bin at most.
            windows.add(new Window((double) (bins - 1) * Arrivals.BIN_NS, arrivals.most(bins)));
        }
        return new ArrivalCurve(windows, (double) arrivals.bins() * Arrivals.BIN_NS);
    }

    /** The same in a buffer where records take more or less. */
    ArrivalCurve scaled(double factor) {
        return factor == 1
                ? this
                : new ArrivalCurve(
                        windows.stream()
                                .map(window -> new Window(window.ns, window.bytes * factor))
                                .toList(),
                        totalNs);
    }
}
