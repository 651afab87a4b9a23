package dev.tracetoll.tracing;

import java.util.List;

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

    public DurationHistogram {
        buckets = List.copyOf(buckets);
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
     * The duration, in ns, that so many percent of the calls did not exceed: the middle of its bucket, which is off by a thirty-second
     * (3.1 %) at most, and never outside of what there was. 0 if there is none.
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
