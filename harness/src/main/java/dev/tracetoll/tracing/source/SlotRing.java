package dev.tracetoll.tracing.source;

import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.file.SharedMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The consumer's side of the bounded queue in {@code targets/source/ring.go}, which describes it. Each record begins with a number: its own as long as it
 * may be written, one more once it has been. One thread drains; any thread may read the positions.
 */
final class SlotRing implements Ring, AutoCloseable {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** The fields of {@code header}. */
    private static final int NEXT = 0;

    private static final int LOST_CALLS = 64;
    private static final int LOST_RETURNS = 72;
    private static final int STRIDE = 128;
    private static final int RECORDS = 136;
    private static final int GOID = 144;
    private static final int TEXT = 152;
    private static final int HEADER_BYTES = 4096;

    /** The fields of {@code record}, whose text follows. */
    private static final int SEQUENCE = 0;

    static final int KIND = 32;
    static final int NUMBER = 40;
    static final int FRACTION = 48;
    static final int LENGTH = 56;
    static final int RECORD_BYTES = 64;
    /** The values of {@link #KIND}. */
    static final int BEGAN = 1;

    static final int RETURNED = 2;

    private static final int CACHE_LINE = 64;
    /** Of one alone, that it has been written could not be told from that it may be written again. */
    private static final int FEWEST = 2;

    private final SharedMemory shared;
    private final ByteBuffer memory;
    private final int stride;
    private final int records;
    private final int text;
    private volatile long read;

    private SlotRing(SharedMemory shared, int stride, int records, int text) {
        this.shared = shared;
        this.memory = shared.buffer();
        this.stride = stride;
        this.records = records;
        this.text = text;
    }

    /**
     * An empty one.
     *
     * @param bytes how much it holds at most, unless that is less than two records; a power of two
     * @param text how much of a string is kept, in bytes
     * @param goidOffset for the target, see {@link SourceTracer#open}
     */
    static SlotRing make(int bytes, int text, int goidOffset) {
        int stride = RECORD_BYTES + (text + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
        int records = Math.max(FEWEST, Integer.highestOneBit(bytes / stride));
        SharedMemory shared = SharedMemory.make("tracetoll-source", HEADER_BYTES + stride * records);
        SlotRing ring = new SlotRing(shared, stride, records, text);
        ring.memory
                .putLong(STRIDE, stride)
                .putLong(RECORDS, records)
                .putLong(GOID, goidOffset)
                .putLong(TEXT, text);
        for (int i = 0; i < records; i++) {
            ring.memory.putLong(ring.at(i) + SEQUENCE, i);
        }
        return ring;
    }

    private int at(long number) {
        return HEADER_BYTES + (int) (number & records - 1) * stride;
    }

    /** A file to map it from. */
    Path path() {
        return shared.path();
    }

    /** How much of a string is kept, in bytes. */
    int text() {
        return text;
    }

    @Override
    public int bytes() {
        return stride * records;
    }

    @Override
    public long producerPosition() {
        return (long) LONG.getAcquire(memory, NEXT) * stride;
    }

    @Override
    public long consumerPosition() {
        return read * stride;
    }

    long lostCalls() {
        return (long) LONG.getAcquire(memory, LOST_CALLS);
    }

    long lostReturns() {
        return (long) LONG.getAcquire(memory, LOST_RETURNS);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only who drains writes it.
    public int drain(RecordHandler handler) {
        int count = 0;
        for (int at = at(read); (long) LONG.getAcquire(memory, at + SEQUENCE) == read + 1; at = at(read)) {
            handler.accept(memory, at, stride);
            LONG.setRelease(memory, at + SEQUENCE, read + records);
            read++;
            count++;
        }
        return count;
    }

    @Override
    public void close() {
        shared.close();
    }
}
