package dev.tracetoll.tracing.ring;

import dev.tracetoll.linux.bpf.Ring;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The consumer's side of the ring that BPF programs write their records into; {@code struct tt_ring_head} of {@code bpf/tracetoll.h} says
 * how. One thread drains; any thread may read the positions.
 */
public final class RecordRing implements Ring {

    /** The head is that long, and the first record behind it; what follows are offsets in it. */
    public static final int HEAD_BYTES = 256;
    /** How many bytes were ever reserved. */
    public static final int PRODUCED = 0;
    /** How many bytes were ever given back. */
    public static final int CONSUMED = 128;
    /** Whether hits count: 0 or 1. */
    public static final int OPEN = 136;
    /** Behind the ring, for the end of a record that begins near its end. */
    public static final int SPARE_BYTES = 32 << 10;
    /** Each record follows its length. */
    public static final int LENGTH_BYTES = 8;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int mask;
    /** Producers read the consumer's position at every record: it is not to change under them more often than they need to see. */
    private final int releaseEvery;

    /**
     * @param memory the map's only element, mapped to be written
     * @param bytes size of the ring
     */
    public RecordRing(ByteBuffer memory, int bytes) {
        this.memory = memory;
        this.mask = bytes - 1;
        this.releaseEvery = bytes / 16;
    }

    /** Size of the map's element. */
    public static int elementBytes(int bytes) {
        return HEAD_BYTES + bytes + SPARE_BYTES;
    }

    /** From now on hits count, at all sites at once. */
    public void open() {
        LONG.setVolatile(memory, OPEN, 1L);
    }

    /** From now on hits do not count any more. One that is under way may still leave its record; none is once its probe is detached. */
    public void shut() {
        LONG.setVolatile(memory, OPEN, 0L);
    }

    @Override
    public int bytes() {
        return mask + 1;
    }

    @Override
    public long producerPosition() {
        return (long) LONG.getAcquire(memory, PRODUCED);
    }

    @Override
    public long consumerPosition() {
        return (long) LONG.getAcquire(memory, CONSUMED);
    }

    @Override
    public int drain(RecordHandler handler) {
        long consumed = consumerPosition();
        long released = consumed;
        long produced = producerPosition();
        int records = 0;
        while (consumed < produced) {
            int at = HEAD_BYTES + ((int) consumed & mask);
            int length = (int) (long) LONG.getAcquire(memory, at);
            if (length == 0) {
                break;
            }
            handler.accept(memory, at + LENGTH_BYTES, length);
            records++;
            int end = at + LENGTH_BYTES + (length + Long.BYTES - 1 & -Long.BYTES);
            consumed += end - at;
            for (int word = at; word < end; word += Long.BYTES) {
                memory.putLong(word, 0);
            }
            if (consumed - released >= releaseEvery) {
                LONG.setRelease(memory, CONSUMED, consumed);
                released = consumed;
            }
        }
        LONG.setRelease(memory, CONSUMED, consumed);
        return records;
    }
}
