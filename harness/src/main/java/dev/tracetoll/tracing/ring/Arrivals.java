package dev.tracetoll.tracing.ring;

import java.util.Arrays;

/**
 * When something came, records or bytes: how much in each of many short times of equal length, one behind the other.
 *
 * <p>What came within a window of any place is no more than what came within the bins that it touches, so a window is one bin longer than
 * the time that it stands for: the curve lies above the truth, by less than what a bin holds.
 */
public final class Arrivals {

    /** The length of a bin is 2 to that power, in ns. */
    public static final int BIN_LOG2 = 16;

    /** The length of a bin, in ns. */
    public static final long BIN_NS = 1L << BIN_LOG2;

    /** What came before each bin; one more than there are bins. */
    private final long[] before;

    private Arrivals(long... before) {
        this.before = before;
    }

    /** What came in each bin. */
    public static Arrivals of(long... bytes) {
        long[] before = new long[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            before[i + 1] = before[i] + bytes[i];
        }
        return new Arrivals(before);
    }

    /** The same where each of what came is that much. */
    public Arrivals times(double factor) {
        return new Arrivals(
                Arrays.stream(before).map(each -> Math.round(each * factor)).toArray());
    }

    /** How many bins there are. */
    public int bins() {
        return before.length - 1;
    }

    /** All that came. */
    public long total() {
        return before[bins()];
    }

    /** The most that came within so many bins one behind the other. */
    public long most(int window) {
        long most = 0;
        int length = Math.min(window, bins());
        for (int i = length; i <= bins(); i++) {
            most = Math.max(most, before[i] - before[i - length]);
        }
        return most;
    }
}
