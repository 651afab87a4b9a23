package dev.tracetoll.stats;

import java.util.Arrays;

/**
 * Bursts of which many resamples are drawn for a quantile of each. A resample has values of the sample only, so it is kept as how often it
 * has each of them: to count a draw and to walk over the counts costs a third of writing the values down and selecting among them.
 */
final class RankedBursts {

    /** The values of the sample, each once, in their order. */
    private final double[] values;
    /** By round and burst the value's place among {@link #values}. */
    private final int[][] ranks;
    /** How often the resample has each value. */
    private final int[] counts;
    /** How many bursts the resample has. */
    private int length;

    /** @param bursts with a burst in each round */
    RankedBursts(Bursts bursts) {
        long[] distinct = bursts.all().sorted().distinct().toArray();
        values = Arrays.stream(distinct).asDoubleStream().toArray();
        ranks = new int[bursts.rounds()][];
        for (int round = 0; round < ranks.length; round++) {
            ranks[round] = Arrays.stream(bursts.round(round))
                    .mapToInt(ns -> Arrays.binarySearch(distinct, ns))
                    .toArray();
        }
        counts = new int[values.length];
    }

    /**
     * Draws a resample: as many bursts of each round as it has, with replacement.
     *
     * @param rounds that are drawn from, in this order, some perhaps more than once
     */
    void resample(int[] rounds, UniformDraws random) {
        Arrays.fill(counts, 0);
        length = 0;
        for (int round : rounds) {
            int[] bursts = ranks[round];
            length += bursts.length;
            for (int i = 0; i < bursts.length; i++) {
                counts[bursts[random.below(bursts.length)]]++;
            }
        }
    }

    /**
     * A quantile of the last resample.
     *
     * @param p from 0 to 1; see {@link Quantiles}
     */
    double quantileOfResample(double p) {
        double position = (length - 1) * p;
        int index = (int) position;
        int rank = 0;
        int upToHere = counts[0];
        while (upToHere <= index) {
            upToHere += counts[++rank];
        }
        double lower = values[rank];
        double fraction = position - index;
        if (fraction == 0 || upToHere > index + 1) {
            return lower;
        }
        do {
            rank++;
        } while (counts[rank] == 0);
        return lower + fraction * (values[rank] - lower);
    }
}
