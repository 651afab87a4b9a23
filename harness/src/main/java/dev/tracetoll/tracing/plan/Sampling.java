package dev.tracetoll.tracing.plan;

import java.util.Locale;

/**
 * That only some of the calls are traced. A call that is chosen is seen to return.
 *
 * @param by what is chosen at random
 * @param of one of so many is
 * @param seed what goroutines are chosen by, so that other runs have others
 */
public record Sampling(By by, int of, long seed) {

    /** What is chosen. */
    public enum By {
        /** Goroutines: of those that are chosen every call is seen, of others none. */
        GOROUTINE,
        /** Calls, each by itself. */
        CALL;

        /** The word for it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** More is no sample of anything. */
    public static final int MOST = 1_000_000;

    /** 2<sup>64</sup> divided by the golden ratio spreads multiples best (Knuth, TAOCP 3, 6.4). */
    public static final long FACTOR = 0x9e3779b97f4a7c15L;

    /** A random number of 32 bits, and the hash of a goroutine, is below this for one of {@link #of}. */
    public long limit() {
        return ((1L << Integer.SIZE) + of - 1) / of;
    }

    /** Whether a goroutine is chosen; {@code bpf/tracetoll.h} says the same of it. */
    public boolean chooses(long goroutine) {
        return hash(goroutine, seed) < limit();
    }

    /** 32 bits. Numbers that follow each other, as goroutines' do, have nothing in common. */
    static long hash(long goroutine, long seed) {
        long spread = (goroutine ^ seed) * FACTOR;
        return (spread ^ spread >>> Integer.SIZE) * FACTOR >>> Integer.SIZE;
    }
}
