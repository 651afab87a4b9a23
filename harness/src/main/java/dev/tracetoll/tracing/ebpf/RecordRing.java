package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.Ring;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The consumer's side of a ring that BPF programs write their records into; {@code struct tt_ring_head} of {@code bpf/tracetoll.h} says
 * how. One thread consumes; any thread may read the positions.
 */
final class RecordRing {

    static final int HEAD_BYTES = 256;
    static final int PRODUCED = 0;
    static final int CONSUMED = 128;
    static final int OPEN = 136;
    /** Behind the ring, for the end of a record that begins near its end. */
    static final int SPARE_BYTES = 32 << 10;
    static final int LENGTH_BYTES = 8;
    /** Of a record's beginning that of its timestamp. */
    static final int TIMESTAMP = 8;

    /** In place of a timestamp: there is no record. */
    static final long NONE = Long.MAX_VALUE;
    /** In place of a timestamp: the next record is still being written. */
    static final long UNFINISHED = Long.MIN_VALUE;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int mask;
    /** Producers read the consumer's position at every record: it is not to change under them more often than they need to see. */
    private final int releaseEvery;
    private long consumed;
    private long released;
    private long until;

    /**
     * @param memory the ring with its head, mapped to be written
     * @param bytes size of the ring
     */
    RecordRing(ByteBuffer memory, int bytes) {
        this.memory = memory;
        this.mask = bytes - 1;
        this.releaseEvery = bytes / 16;
    }

    /** Size of a ring with its head. */
    static int elementBytes(int bytes) {
        return HEAD_BYTES + bytes + SPARE_BYTES;
    }

    /** From now on hits leave records. */
    void open() {
        LONG.setVolatile(memory, OPEN, 1L);
    }

    /** How far producers have reserved. */
    long producerPosition() {
        return (long) LONG.getAcquire(memory, PRODUCED);
    }

    /** How far records have been consumed. */
    long consumerPosition() {
        return (long) LONG.getAcquire(memory, CONSUMED);
    }

    /** Begins to consume what has been reserved by now. */
    void begin() {
        consumed = consumerPosition();
        released = consumed;
        until = producerPosition();
    }

    /** The timestamp of the next record, {@link #NONE} or {@link #UNFINISHED}. */
    long nextTimestamp() {
        if (consumed >= until) {
            return NONE;
        }
        int at = HEAD_BYTES + ((int) consumed & mask);
        return (long) LONG.getAcquire(memory, at) == 0 ? UNFINISHED : memory.getLong(at + LENGTH_BYTES + TIMESTAMP);
    }

    /** Hands over the next record, which is whole. */
    void consume(Ring.RecordHandler handler) {
        int at = HEAD_BYTES + ((int) consumed & mask);
        int length = (int) memory.getLong(at);
        handler.accept(memory, at + LENGTH_BYTES, length);
        int end = at + LENGTH_BYTES + (length + Long.BYTES - 1 & -Long.BYTES);
        consumed += end - at;
        for (int word = at; word < end; word += Long.BYTES) {
            memory.putLong(word, 0);
        }
        if (consumed - released >= releaseEvery) {
            release();
        }
    }

    /** Gives back what has been consumed. */
    void release() {
        LONG.setRelease(memory, CONSUMED, consumed);
        released = consumed;
    }
}
