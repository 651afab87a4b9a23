package dev.tracetoll.tracing.inline;

import dev.tracetoll.linux.kernel.TimeStampCounter;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells times of the processors' counter by the monotonic clock. Both are read together now and then, and between two of these readings the one
 * follows from the other in proportion. Not thread-safe.
 */
final class CounterClock {

    /** Closer readings would say little of the rate: each is uncertain by some 20 ns. */
    private static final long SHORTEST_NS = 1_000_000;

    private static final int TRIES = 5;

    private long counter;
    private long ns;
    private long earlierCounter;
    private long earlierNs;
    private final long beganCounter;
    private final long beganNs;
    /** Between the last two readings: of every record the time is told. */
    private double nsPerCount;

    CounterClock() {
        readTogether();
        beganCounter = counter;
        beganNs = ns;
        long until = System.nanoTime() + SHORTEST_NS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        readTogether();
    }

    private void readTogether() {
        earlierCounter = counter;
        earlierNs = ns;
        long closest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long before = System.nanoTime();
            long count = TimeStampCounter.read();
            long after = System.nanoTime();
            if (after - before < closest) {
                closest = after - before;
                counter = count;
                ns = before + (after - before) / 2;
            }
        }
        nsPerCount = nsPerCount(earlierCounter, earlierNs);
    }

    /** Reads both again, unless that was done just now. */
    void adjust() {
        if (System.nanoTime() - ns >= SHORTEST_NS) {
            readTogether();
        }
    }

    /** A time of the counter, in ns of the monotonic clock. */
    long ns(long count) {
        if (count < earlierCounter) {
            return earlierNs - (long) ((earlierCounter - count) * nsPerCount(beganCounter, beganNs));
        }
        return earlierNs + (long) ((count - earlierCounter) * nsPerCount);
    }

    private double nsPerCount(long fromCounter, long fromNs) {
        return (double) (ns - fromNs) / (counter - fromCounter);
    }

    /**
     * How long it takes the counter to count one, as it has been since this clock began: which was at least a time ago, or is awaited.
     *
     * @param leastNs the longer, the more exactly it is known: by 20 ns in all
     */
    double nsPerCount(long leastNs) {
        long left = beganNs + leastNs - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = beganNs + leastNs - System.nanoTime();
        }
        readTogether();
        return nsPerCount(beganCounter, beganNs);
    }

    /** How much the counter counts in a time. */
    long counts(long timeNs) {
        return (long) (timeNs / nsPerCount(beganCounter, beganNs));
    }
}
