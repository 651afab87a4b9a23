package dev.tracetoll.stats;

import org.apache.commons.math3.util.KthSelector;

/**
 * Quantiles of a sample by definition 7 of Hyndman and Fan (Sample Quantiles in Statistical Packages, The American Statistician 50,
 * 1996), the default of R: with the sample sorted as x[0] … x[n-1], the p-quantile lies at position h = (n-1)·p, linearly between
 * x[⌊h⌋] and x[⌊h⌋+1]. The median is the 0.5-quantile: the middle value, or the mean of the two middle values.
 */
public final class Quantiles {

    private static final KthSelector SELECTOR = new KthSelector();

    private Quantiles() {}

    /**
     * The median.
     *
     * @param sample finite values, at least one; left as it is
     */
    public static double median(double[] sample) {
        return quantile(sample, 0.5);
    }

    /**
     * The p-quantile.
     *
     * @param sample finite values, at least one; left as it is
     * @param p from 0 to 1
     */
    public static double quantile(double[] sample, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("a quantile lies between 0 and 1, not at " + p);
        }
        if (sample.length == 0) {
            throw new IllegalArgumentException("a sample without values has no quantiles");
        }
        for (double value : sample) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a sample has finite values only, not " + value);
            }
        }
        return select(sample.clone(), p);
    }

    /** The p-quantile of a valid sample, by selection in linear time; reorders the sample. */
    static double select(double[] sample, double p) {
        double position = (sample.length - 1) * p;
        int index = (int) position;
        double lower = SELECTOR.select(sample, null, index);
        double fraction = position - index;
        return fraction == 0 ? lower : lower + fraction * (smallestFrom(sample, index + 1) - lower);
    }

    /** Selection leaves nothing smaller than the selected value behind it, so the next in order is the smallest there. */
    private static double smallestFrom(double[] partitioned, int from) {
        double smallest = partitioned[from];
        for (int i = from + 1; i < partitioned.length; i++) {
            smallest = Math.min(smallest, partitioned[i]);
        }
        return smallest;
    }
}
