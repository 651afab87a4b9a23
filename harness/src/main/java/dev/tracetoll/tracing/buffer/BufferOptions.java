package dev.tracetoll.tracing.buffer;

import dev.tracetoll.tracing.ring.Draining;
import java.time.Duration;

/**
 * How records get from the program to their reader.
 *
 * @param kind where they wait
 * @param bytes how much the buffer holds, or that of each CPU; a power of two from the page's size on
 * @param recordBytes of each record, from 16 on, a multiple of 8
 * @param draining when the reader looks
 * @param stalls what keeps the reader from it
 * @param arrivals whether it is noted when records come
 */
public record BufferOptions(
        BufferKind kind, int bytes, int recordBytes, Draining draining, Stalls stalls, boolean arrivals) {

    /** What a record takes besides itself, but for perf buffers. */
    public static final int HEADER_BYTES = 8;

    /** The smallest record. */
    public static final int LEAST_RECORD_BYTES = 16;

    /** The largest record, as {@code bpf/buffers.bpf.c} has it. */
    public static final int MOST_RECORD_BYTES = 16 << 10;

    /**
     * The reader does nothing for a while, again and again: as in a garbage collection, or where what it writes to is slow.
     *
     * @param length of each; 0 if there are none
     * @param every from the beginning of one to that of the next; the first is at any time within it
     */
    public record Stalls(Duration length, Duration every) {

        /** None at all. */
        public static final Stalls NONE = new Stalls(Duration.ZERO, Duration.ofDays(1));
    }

    public BufferOptions {
        if (recordBytes < LEAST_RECORD_BYTES || recordBytes > MOST_RECORD_BYTES || recordBytes % Long.BYTES != 0) {
            throw new IllegalArgumentException("records of " + recordBytes + " bytes");
        }
        if (Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
        }
    }

    /** The same with another size. */
    public BufferOptions bytes(int size) {
        return new BufferOptions(kind, size, recordBytes, draining, stalls, arrivals);
    }

    /** What a record takes of the buffer. */
    public int roomOfRecord() {
        return kind == BufferKind.PERF
                // A header, the length, and padding of both.
                ? 8 + (4 + recordBytes + 7 & -8)
                : HEADER_BYTES + recordBytes;
    }
}
