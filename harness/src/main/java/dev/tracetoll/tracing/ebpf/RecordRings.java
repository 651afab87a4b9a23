package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.Ring;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * The rings of all CPUs, read as one: records come in the order of their timestamps, as far as that order matters.
 *
 * <p>It matters for the records of one goroutine, which moves from CPU to CPU. Of two of its records the first was whole before the
 * second's time was taken. So what is not whole when a pass begins cannot be followed by a record that is older than the pass, and older ones
 * alone are consumed, the oldest first. Within a ring the order is that of reservation: a record whose program was preempted after it took
 * the time can be behind a younger one, but only of another goroutine. A record that is not whole yet holds back all, since those behind it
 * may have to come first.
 */
final class RecordRings implements Ring {

    /** What the kernel's clock for BPF programs may be off while the clock is being adjusted; see {@code ktime_get_mono_fast_ns}. */
    private static final long CLOCK_MARGIN_NS = 10_000;

    private final RecordRing[] rings;
    private final RingLayout layout;
    private final LongSupplier clockNs;
    private final long[] next;

    /**
     * @param memory the map's only element, mapped to be written
     * @param clockNs the time of records, CLOCK_MONOTONIC
     */
    RecordRings(ByteBuffer memory, RingLayout layout, LongSupplier clockNs) {
        this.rings = IntStream.range(0, layout.rings())
                .mapToObj(i -> new RecordRing(memory.slice(i * layout.stride(), layout.stride()).order(ByteOrder.nativeOrder()), layout.bytes()))
                .toArray(RecordRing[]::new);
        this.layout = layout;
        this.clockNs = clockNs;
        this.next = new long[rings.length];
    }

    /** From now on hits leave records. */
    void open() {
        for (RecordRing ring : rings) {
            ring.open();
        }
    }

    @Override
    public int bytes() {
        return layout.bytes();
    }

    @Override
    public long[] producerPositions() {
        return Arrays.stream(rings).mapToLong(RecordRing::producerPosition).toArray();
    }

    @Override
    public long[] consumerPositions() {
        return Arrays.stream(rings).mapToLong(RecordRing::consumerPosition).toArray();
    }

    @Override
    public int drain(RecordHandler handler) {
        // Of a single ring the order of reservation will do.
        long before = rings.length == 1 ? RecordRing.NONE : clockNs.getAsLong() - CLOCK_MARGIN_NS;
        for (int i = 0; i < rings.length; i++) {
            rings[i].begin();
            next[i] = rings[i].nextTimestamp();
        }
        int records = 0;
        for (int oldest = oldest(); next[oldest] != RecordRing.UNFINISHED && next[oldest] < before; oldest = oldest()) {
            long limit = Math.min(before, oldestBut(oldest));
            // Equal times are of different goroutines.
            do {
                rings[oldest].consume(handler);
                records++;
                next[oldest] = rings[oldest].nextTimestamp();
            } while (next[oldest] < limit && next[oldest] != RecordRing.UNFINISHED);
        }
        for (RecordRing ring : rings) {
            ring.release();
        }
        return records;
    }

    private int oldest() {
        int oldest = 0;
        for (int i = 1; i < next.length; i++) {
            if (next[i] < next[oldest]) {
                oldest = i;
            }
        }
        return oldest;
    }

    private long oldestBut(int one) {
        long oldest = RecordRing.NONE;
        for (int i = 0; i < next.length; i++) {
            if (i != one) {
                oldest = Math.min(oldest, next[i]);
            }
        }
        return oldest;
    }
}
