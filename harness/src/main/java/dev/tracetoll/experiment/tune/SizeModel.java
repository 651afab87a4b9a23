package dev.tracetoll.experiment.tune;

import dev.tracetoll.text.ByteSize;
import java.util.List;
import java.util.OptionalInt;

/**
 * How large a buffer has to be: the largest vertical distance between two curves, the most that comes within any window of time, and the least that
 * the reader takes away within it (Le Boudec and Thiran, Network Calculus, Springer 2001, theorem 1.4.1).
 */
final class SizeModel {

    /** How sure it is that a reader is not later. */
    static final double CONFIDENCE = 0.95;

    /** Whoever needs more has a reader that is too slow; the kernel's ring buffer is mapped twice, one time behind the other. */
    static final int LARGEST = 1 << 28;

    /** A page, the smallest of the kernel's. */
    static final int SMALLEST = 1 << 12;
    /** Readers give room back in steps of a sixteenth, and no sooner. */
    private static final int STEPS = 16;

    /**
     * A point of the two curves.
     *
     * @param ns a length of time
     * @param arrived the most that came within it, in bytes
     * @param served the least that the reader took away within it, in bytes
     */
    record Point(double ns, double arrived, double served) {}

    private final Setting setting;
    private final Policy policy;
    private final ReaderFit reader;
    private final ArrivalCurve arrivals;
    private final double horizonNs;

    /**
     * @param arrivals in bytes of this policy's buffer
     * @param horizonNs for how long the size is to hold, in ns; at least for as long as arrivals were looked at
     */
    SizeModel(Setting setting, Policy policy, ReaderFit reader, ArrivalCurve arrivals, double horizonNs) {
        this.horizonNs = Math.max(horizonNs, arrivals.totalNs());
        this.setting = setting;
        this.policy = policy;
        this.reader = reader;
        this.arrivals = arrivals;
    }

    /** How long the reader of a buffer of that size does nothing, at most, in ns. */
    double latencyNs(int size) {
        return policy.plannedWaitNs(size, setting.room(policy))
                + latenessNs()
                + setting.stalls().length().toNanos();
    }

    /** By how much the reader looks later than it means to, at most, in ns. */
    double latenessNs() {
        return reader.latenessNs(CONFIDENCE, horizonNs);
    }

    /** How long the reader takes for a record, in ns. */
    double nsPerRecord() {
        return reader.nsPerRecord();
    }

    /** Both curves, for a buffer of that size. */
    List<Point> curves(int size) {
        double latencyNs = latencyNs(size);
        double bytesPerNs = setting.room(policy) / reader.nsPerRecord();
        return arrivals.windows().stream()
                .map(window ->
                        new Point(window.ns(), window.bytes(), bytesPerNs * Math.max(0, window.ns() - latencyNs)))
                .toList();
    }

    /** What a buffer of that size has to hold, in bytes. */
    double neededBytes(int size) {
        List<Point> points = curves(size);
        double most = points.get(0).arrived();
        for (int i = 0; i + 1 < points.size(); i++) {
            // Between two points no more has come than at the later one, and no less was read than at the earlier one.
            most = Math.max(most, points.get(i + 1).arrived() - points.get(i).served());
        }
        return policy.plannedBytes(size, setting.room(policy)) + most;
    }

    /**
     * The smallest size that holds what it has to.
     *
     * @param safety how many times as much it is to hold
     * @return empty if none does
     */
    OptionalInt size(double safety) {
        for (long size = SMALLEST; size <= LARGEST; size *= 2) {
            double room = size - (double) size / STEPS - setting.room(policy);
            if (room >= safety * neededBytes((int) size)) {
                return OptionalInt.of((int) size);
            }
        }
        return OptionalInt.empty();
    }

    /** A size of a buffer, in words. */
    static String words(OptionalInt size) {
        return size.isPresent() ? ByteSize.inWords(size.getAsInt()) : "none is large enough";
    }
}
