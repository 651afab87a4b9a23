package dev.tracetoll.tracing.buffer;

import java.nio.ByteBuffer;

/**
 * When bytes came: how many in each of many short times of equal length, one behind the other.
 *
 * <p>What came within a window of any place is no more than what came within the bins that it touches, so a window is one bin longer than
 * the time that it stands for: the curve lies above the truth, by less than what a bin holds.
 */
public final class Arrivals {

    /** The length of a bin is 2 to that power, in ns. */
    public static final int BIN_LOG2 = BufferContract.BIN_LOG2;

    /** The length of a bin, in ns. */
    public static final long BIN_NS = 1L << BIN_LOG2;

    /** What came before each bin; one more than there are bins. */
    private final long[] before;

    private Arrivals(long... before) {
        this.before = before;
    }

    /** What came in each bin, in bytes. */
    public static Arrivals of(long... bytes) {
        long[] before = new long[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            before[i + 1] = before[i] + bytes[i];
        }
        return new Arrivals(before);
    }

    /**
     * What the programs added up.
     *
     * @param bins as {@code struct tb_arrivals} of {@code bpf/buffers.h} has them
     * @param fromNs the beginning, by the monotonic clock
     * @param toNs the end; what is longer than the bins reach, 17 s, is cut off at its beginning
     * @param scale what a byte takes of the buffer
     */
    static Arrivals read(ByteBuffer bins, long fromNs, long toNs, double scale) {
        int count = 1 << BufferContract.BINS_LOG2;
        long last = toNs >>> BufferContract.BIN_LOG2;
        long first = Math.max(fromNs >>> BufferContract.BIN_LOG2, last - count + 1);
        long[] bytes = new long[(int) (last - first + 1)];
        for (int i = 0; i < bytes.length; i++) {
            int bin = (int) (first + i & count - 1);
            bytes[i] = Math.round(Integer.toUnsignedLong(bins.getInt(bin * Integer.BYTES)) * scale);
        }
        return of(bytes);
    }

    /** How many bins there are. */
    public int bins() {
        return before.length - 1;
    }

    /** All that came, in bytes. */
    public long total() {
        return before[bins()];
    }

    /** The most that came within so many bins one behind the other, in bytes. */
    public long most(int window) {
        long most = 0;
        int length = Math.min(window, bins());
        for (int i = length; i <= bins(); i++) {
            most = Math.max(most, before[i] - before[i - length]);
        }
        return most;
    }
}
