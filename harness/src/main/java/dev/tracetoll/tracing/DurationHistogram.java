package dev.tracetoll.tracing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * How long calls took. Count, sum, shortest and longest are exact; what is between them is known as exactly as the buckets are narrow.
 *
 * @param sumNs the sum of all durations, in ns
 * @param minNs the shortest; 0 if there is none
 * @param maxNs the longest; 0 if there is none
 * @param buckets those that are not empty, by rising durations
 */
public record DurationHistogram(long sumNs, long minNs, long maxNs, List<Bucket> buckets) {

    /**
     * Durations that are counted together.
     *
     * @param fromNs the shortest
     * @param toNs just above the longest
     * @param count how many there were
     */
    public record Bucket(long fromNs, long toNs, long count) {

        private long middleNs() {
            return fromNs + (toNs - 1 - fromNs) / 2;
        }
    }

    /** How far {@link #percentileNs} may be off, as a share of the duration: half of the widest bucket. */
    public static final double PERCENTILE_ERROR = 0.5 / DurationBuckets.SUB_BUCKETS;

    public DurationHistogram {
        buckets = List.copyOf(buckets);
    }

    /**
     * One of durations that were counted in {@link DurationBuckets}.
     *
     * @param counts how many there are in each bucket, by its number
     */
    public static DurationHistogram of(long sumNs, long minNs, long maxNs, IntToLongFunction counts) {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < DurationBuckets.COUNT; i++) {
            long count = counts.applyAsLong(i);
            if (count > 0) {
                long to = DurationBuckets.from(i + 1);
                boolean last = i == DurationBuckets.COUNT - 1;
                buckets.add(new Bucket(DurationBuckets.from(i), last ? Math.max(to, maxNs + 1) : to, count));
            }
        }
        return new DurationHistogram(sumNs, minNs, maxNs, buckets);
    }

    /** How many durations there are. */
    public long count() {
        return buckets.stream().mapToLong(Bucket::count).sum();
    }

    /** The mean, in ns; 0 if there is none. */
    public long meanNs() {
        long count = count();
        return count == 0 ? 0 : Math.round((double) sumNs / count);
    }

    /**
     * The duration, in ns, that so many percent of the calls did not exceed: the middle of its bucket, which is off by
     * {@link #PERCENTILE_ERROR} (3.1 %) at most, and never outside of what there was. 0 if there is none.
     *
     * @param percent above 0, at most 100
     */
    public long percentileNs(double percent) {
        long rank = Math.max(1, (long) Math.ceil(count() * percent / 100));
        long seen = 0;
        for (Bucket bucket : buckets) {
            seen += bucket.count;
            if (seen >= rank) {
                return Math.max(minNs, Math.min(maxNs, bucket.middleNs()));
            }
        }
        return maxNs;
    }
}
