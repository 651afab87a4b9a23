package dev.tracetoll.tracing.inline;

import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.kernel.TimeStampCounter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The consumer's side of the rings: all records of all of them, in the order of their times. One thread drains; any thread may read the
 * positions.
 *
 * <p>A record's time is read after its ring was taken and before it can be seen here. So whatever is older than what a ring that is not taken
 * has shown is all there; of one that is taken nothing newer than its latest record can be relied on.
 */
final class ProcessorRings implements Ring {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** What a processor has written another one may see this much later; by far less than this, but nothing depends on it being short. */
    private static final long STORE_DELAY_NS = 20_000;

    /** Producers read the consumer's position at every record: it is not to change under them more often than they need to see. */
    private static final int RELEASE_EVERY = 1 << 12;

    /** A record is written in less time than it takes to look as often: a ring that is still taken then belongs to a thread that does not run. */
    private static final int LOOKS = 100;

    private final ByteBuffer memory;
    private final RingLayout layout;
    private final CounterClock clock;
    private final int count;
    private long completeUntil;
    /** Up to where each ring has been read, where its records end that are known, and the time of the latest one that was read. */
    private final long[] read;

    private final long[] produced;
    /** As {@link RingLayout#BEGUN}, of what is between the two: it can have changed before the first of these records, not among them. */
    private final long[] begun;

    private final long[] latest;
    /** Up to where the records of each ring have been looked at to know the time of the last, and that time. */
    private final long[] skimmed;

    private final long[] skimmedTime;
    /** Where the head of each ring begins in the memory. */
    private final int[] base;

    ProcessorRings(ByteBuffer memory, RingLayout layout, CounterClock clock) {
        this.memory = memory;
        this.layout = layout;
        this.clock = clock;
        count = layout.processors() + 1;
        read = new long[count];
        produced = new long[count];
        begun = new long[count];
        latest = new long[count];
        skimmed = new long[count];
        skimmedTime = new long[count];
        base = new int[count];
        for (int i = 0; i < count; i++) {
            base[i] = i * layout.stride();
        }
    }

    @Override
    public int bytes() {
        return layout.bytes();
    }

    @Override
    public long producerPosition() {
        return sum(RingLayout.PRODUCED);
    }

    @Override
    public long consumerPosition() {
        return sum(RingLayout.CONSUMED);
    }

    /** One of the counters, of all rings. */
    long sum(int counter) {
        long sum = 0;
        for (int ring = 0; ring < count; ring++) {
            sum += (long) LONG.getAcquire(memory, base[ring] + counter);
        }
        return sum;
    }

    @Override
    public int drain(RecordHandler handler) {
        completeUntil = horizon();
        return drain(handler, completeUntil);
    }

    /** The time, by the processors' counter, up to which the last {@link #drain} has handed over all records. */
    long completeUntil() {
        return completeUntil;
    }

    /** The same when nothing writes any more. */
    int drainAll(RecordHandler handler) {
        horizon();
        return drain(handler, Long.MAX_VALUE);
    }

    /** Looks at all rings; returns the time up to which all records are known. */
    private long horizon() {
        long horizon = TimeStampCounter.read() - clock.counts(STORE_DELAY_NS);
        for (int ring = 0; ring < count; ring++) {
            boolean taken = staysTaken(ring);
            long now = (long) LONG.getAcquire(memory, base[ring] + RingLayout.PRODUCED);
            produced[ring] = now;
            begun[ring] = (long) LONG.getAcquire(memory, base[ring] + RingLayout.BEGUN);
            if (taken) {
                horizon = Math.min(horizon, lastOf(ring, now));
            }
        }
        return horizon;
    }

    private boolean staysTaken(int ring) {
        for (int look = 0; look < LOOKS; look++) {
            if ((long) LONG.getVolatile(memory, base[ring] + RingLayout.BUSY) == 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /** The time of the last record before a position. */
    private long lastOf(int ring, long end) {
        if (skimmed[ring] < read[ring]) {
            skimmed[ring] = read[ring];
            skimmedTime[ring] = latest[ring];
        }
        while (skimmed[ring] < end) {
            int record = record(ring, skimmed[ring]);
            skimmedTime[ring] = timeOf(record);
            skimmed[ring] += padded(memory.getLong(record));
        }
        return skimmedTime[ring];
    }

    private int drain(RecordHandler handler, long horizon) {
        int records = 0;
        int sinceRelease = 0;
        while (true) {
            int first = -1;
            long earliest = 0;
            long second = horizon;
            for (int ring = 0; ring < count; ring++) {
                if (read[ring] < produced[ring]) {
                    long time = timeOf(record(ring, read[ring]));
                    if (first < 0 || time < earliest) {
                        second = first < 0 ? horizon : Math.min(horizon, earliest);
                        first = ring;
                        earliest = time;
                    } else {
                        second = Math.min(second, time);
                    }
                }
            }
            if (first < 0 || earliest > horizon) {
                break;
            }
            int taken = drain(handler, first, second);
            records += taken;
            sinceRelease += taken;
            if (sinceRelease >= RELEASE_EVERY) {
                sinceRelease = 0;
                release();
            }
        }
        release();
        return records;
    }

    /** Takes from one ring, the first record of which is the earliest of all, what is no later than a time, and not too much of it at once. */
    private int drain(RecordHandler handler, int ring, long until) {
        int records = 0;
        long at = read[ring];
        long end = produced[ring];
        long time = latest[ring];
        while (at < end && records < RELEASE_EVERY) {
            int record = record(ring, at);
            long next = timeOf(record);
            if (next > until) {
                break;
            }
            time = next;
            long length = memory.getLong(record);
            handler.accept(memory, record + Long.BYTES, (int) length - Long.BYTES);
            at += padded(length);
            records++;
        }
        read[ring] = at;
        latest[ring] = time;
        return records;
    }

    private long timeOf(int record) {
        return memory.getLong(record + Long.BYTES + Layout.TIMESTAMP);
    }

    private void release() {
        for (int ring = 0; ring < count; ring++) {
            if (memory.getLong(base[ring] + RingLayout.CONSUMED) != read[ring]) {
                LONG.setRelease(memory, base[ring] + RingLayout.CONSUMED, read[ring]);
            }
        }
    }

    private int record(int ring, long position) {
        return base[ring] + RingLayout.RECORDS + ((int) (position - begun[ring]) & layout.bytes() - 1);
    }

    private static long padded(long length) {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }
}
