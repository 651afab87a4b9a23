package dev.tracetoll.linux.file;

import java.time.Duration;

/** A point in time until which something is waited for. */
public final class Deadline {

    private static final Duration LONGEST = Duration.ofDays(3650);

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The point in time so long from now; ten years are the most. */
    public static Deadline in(Duration time) {
        Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time;
        return new Deadline(System.nanoTime() + bounded.toNanos());
    }

    /** Whether the point in time has come. */
    public boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /** The time left; zero once it is over. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** The time left in milliseconds, rounded up so that nobody spins at the end, as poll(2) wants it. */
    int remainingMs() {
        long ms = (remaining().toNanos() + 999_999) / 1_000_000;
        return (int) Math.min(Integer.MAX_VALUE, ms);
    }
}
