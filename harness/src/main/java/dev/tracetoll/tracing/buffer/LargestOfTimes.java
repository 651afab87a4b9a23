package dev.tracetoll.tracing.buffer;

import java.util.Arrays;

/** The largest value of each of many times of equal length, one behind the other; 0 where there was none. */
final class LargestOfTimes {

    private final long lengthNs;
    private long[] largest = new long[64];
    private int count;

    LargestOfTimes(long lengthNs) {
        this.lengthNs = lengthNs;
    }

    /** @param atNs since the beginning */
    void add(long atNs, long value) {
        int time = (int) (atNs / lengthNs);
        if (time >= largest.length) {
            largest = Arrays.copyOf(largest, Math.max(time + 1, 2 * largest.length));
        }
        largest[time] = Math.max(largest[time], value);
        count = Math.max(count, time + 1);
    }

    long[] all() {
        return Arrays.copyOf(largest, count);
    }
}
