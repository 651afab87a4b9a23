package dev.tracetoll.experiment.tune;

import dev.tracetoll.stats.Extremes;
import dev.tracetoll.tracing.buffer.BufferUse;
import java.util.Arrays;
import java.util.List;

/**
 * What a reader was seen to do: how long it takes for a record, and by how much it looks later than it means to. The service curve of a reader is
 * rate-latency: nothing for a while, then records at a rate (Le Boudec and Thiran, Network Calculus, Springer 2001, 1.3).
 *
 * @param nsPerRecord how long it takes for a record, where it has enough of them
 * @param lateness by how much it is late, the largest of times of {@link BufferUse#BLOCK}, in ns
 */
record ReaderFit(double nsPerRecord, Extremes lateness) {

    /**
     * From what was measured.
     *
     * @param busy with a load that never lets it rest
     * @param room what a record takes of the buffer
     * @param waiting with loads that it waits for
     * @param plannedNs how long it waits by intent
     */
    static ReaderFit of(BufferUse busy, int room, List<BufferUse> waiting, long plannedNs) {
        double[] late = waiting.stream()
                .flatMapToLong(use -> Arrays.stream(use.longestWaitsNs()))
                .filter(wait -> wait > 0)
                .mapToDouble(wait -> Math.max(0, wait - plannedNs))
                .toArray();
        return new ReaderFit(room / busy.bytesPerNs(), Extremes.of(late));
    }

    /** The same reader, if it takes so long for a record at least. */
    ReaderFit takingAtLeast(double ns) {
        return new ReaderFit(Math.max(ns, nsPerRecord), lateness);
    }

    /** What it is late by at most within a time, with a probability. */
    double latenessNs(double probability, double ns) {
        return Math.max(0, lateness.quantile(probability, Math.max(1, ns / BufferUse.BLOCK.toNanos())));
    }
}
