package dev.tracetoll.tracing;

/**
 * How durations are counted: below twice {@link #SUB_BUCKETS} ns each has a bucket of its own; above, every power of two is divided into
 * that many buckets of equal width. No bucket but the last is wider than a sixteenth of the shortest duration in it.
 */
public final class DurationBuckets {

    /** How many to a power of two. */
    public static final int SUB_BUCKETS = 16;
    /** Longer ones are counted in the last bucket: an hour and a quarter. */
    public static final long LONGEST_NS = (1L << 42) - 1;
    /** How many there are. */
    public static final int COUNT = of(LONGEST_NS) + 1;

    private DurationBuckets() {}

    /** The bucket of a duration, which is not negative. */
    public static int of(long ns) {
        long counted = Math.min(ns, LONGEST_NS);
        int shift = shift(counted);
        return shift * SUB_BUCKETS + (int) (counted >>> shift);
    }

    private static int shift(long ns) {
        return Long.numberOfLeadingZeros(SUB_BUCKETS) - Long.numberOfLeadingZeros(ns | SUB_BUCKETS);
    }

    /** The shortest duration in a bucket, in ns; of the bucket behind the last one, the shortest that has none of its own. */
    public static long from(int bucket) {
        int shift = Math.max(0, bucket / SUB_BUCKETS - 1);
        return (long) (bucket - shift * SUB_BUCKETS) << shift;
    }
}
