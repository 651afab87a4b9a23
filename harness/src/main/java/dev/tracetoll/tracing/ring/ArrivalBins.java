package dev.tracetoll.tracing.ring;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What the programs add up of when something came, as {@code bpf/arrivals.h} has it; and what came longer ago than that reaches back. */
public final class ArrivalBins {

    private static final int BINS_LOG2 = 18;
    private static final int BINS = 1 << BINS_LOG2;

    /** Size of the map's element. */
    public static final int BYTES = BINS * Integer.BYTES;

    /** Programs read the clock before they add, and may be kept from it for a moment. */
    private static final int UNDER_WAY = 1 << 12;
    /** More than ten minutes of bins are more than a curve needs. */
    private static final int MOST = 10 << 20;

    private final ByteBuffer memory;
    private long[] taken = new long[1 << 12];
    private int count;
    private long next;
    private boolean full;

    /**
     * @param memory the map's only element, mapped to be written
     * @param fromNs when it began, by the monotonic clock
     */
    public ArrivalBins(ByteBuffer memory, long fromNs) {
        this.memory = memory;
        this.next = fromNs >>> Arrivals.BIN_LOG2;
    }

    /** Takes what is old enough, to make room; to be called every few seconds. Without it, what is longer ago than 17 s is lost. */
    public void collect(long nowNs) {
        takeUntil((nowNs >>> Arrivals.BIN_LOG2) - UNDER_WAY);
    }

    /** Whether there is no room for more: what comes from now on is not in it. */
    public boolean isFull() {
        return full;
    }

    /** All that came until then; once nothing comes any more. */
    public Arrivals until(long nowNs) {
        takeUntil((nowNs >>> Arrivals.BIN_LOG2) + 1);
        return Arrivals.of(Arrays.copyOf(taken, count));
    }

    private void takeUntil(long end) {
        // What was not taken in time has been written over.
        next = Math.max(next, end - BINS);
        while (next < end && !full) {
            int at = (int) (next & BINS - 1) * Integer.BYTES;
            if (count == taken.length) {
                taken = Arrays.copyOf(taken, 2 * count);
            }
            taken[count++] = Integer.toUnsignedLong(memory.getInt(at));
            memory.putInt(at, 0);
            next++;
            full = count == MOST;
        }
    }
}
