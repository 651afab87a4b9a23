package dev.tracetoll.stats;

import java.util.Arrays;
import org.apache.commons.math3.special.Gamma;

/**
 * How large the largest of something becomes within a time longer than it was watched: a generalized extreme value distribution fitted to the
 * largest values of many times of equal length. F(x) = exp(−(1 − k (x − location) / scale)^(1/k)), and exp(−exp(−(x − location) / scale)) where k is
 * 0; fitted by L-moments (Hosking, Wallis and Wood, Estimation of the Generalized Extreme-Value Distribution by the Method of
 * Probability-Weighted Moments, Technometrics 27, 1985).
 */
public final class Extremes {

    /** Fewer values say nothing of a tail. */
    public static final int FEWEST = 8;

    private static final double LOG_2 = Math.log(2);
    /** Below, the approximation of k is as good as 0. */
    private static final double SMALLEST_SHAPE = 1e-4;
    /** Tails heavier than that have no mean that could be estimated from so few values. */
    private static final double HEAVIEST = -0.4;

    private static final double LIGHTEST = 0.4;
    private static final int RESAMPLES = 200;
    private static final double TAIL = 0.025;

    private final double[] maxima;
    private final double location;
    private final double scale;
    private final double shape;

    private Extremes(double[] sorted) {
        maxima = sorted;
        int n = sorted.length;
        double b0 = 0;
        double b1 = 0;
        double b2 = 0;
        for (int i = 0; i < n; i++) {
            b0 += sorted[i] / n;
            b1 += sorted[i] * i / (n - 1) / n;
            b2 += sorted[i] * i * (i - 1) / ((double) (n - 1) * (n - 2)) / n;
        }
        double spread = 2 * b1 - b0;
        if (sorted[0] == sorted[n - 1]) {
            location = sorted[0];
            scale = 0;
            shape = 0;
            return;
        }
        double c = spread / (3 * b2 - b0) - LOG_2 / Math.log(3);
        double k = Math.max(HEAVIEST, Math.min(LIGHTEST, 7.8590 * c + 2.9554 * c * c));
        if (Math.abs(k) < SMALLEST_SHAPE) {
            shape = 0;
            scale = spread / LOG_2;
            location = b0 - Gamma.GAMMA * scale;
        } else {
            double gamma = Gamma.gamma(1 + k);
            shape = k;
            scale = spread * k / (gamma * (1 - Math.pow(2, -k)));
            location = b0 + scale * (gamma - 1) / k;
        }
    }

    /**
     * Fits.
     *
     * @param maxima the largest value of each of many times of equal length, at least {@value #FEWEST} of them, finite
     */
    public static Extremes of(double... maxima) {
        if (maxima.length < FEWEST) {
            throw new IllegalArgumentException(
                    "extremes need at least " + FEWEST + " values, and there are " + maxima.length);
        }
        double[] sorted = maxima.clone();
        Arrays.sort(sorted);
        return new Extremes(sorted);
    }

    /** How likely it is that nothing is larger within one such time. */
    double withinOne(double value) {
        if (scale == 0) {
            return value >= location ? 1 : 0;
        }
        double y = (value - location) / scale;
        if (shape == 0) {
            return Math.exp(-Math.exp(-y));
        }
        double inner = 1 - shape * y;
        if (inner <= 0) {
            return shape > 0 ? 1 : 0;
        }
        return Math.exp(-Math.pow(inner, 1 / shape));
    }

    /**
     * How likely it is that something is larger.
     *
     * @param times how many such times, one behind the other
     */
    public double exceeded(double value, double times) {
        double log = Math.log(withinOne(value));
        return -Math.expm1(times * log);
    }

    /**
     * What nothing is larger than, that likely.
     *
     * @param probability between 0 and 1
     * @param times how many such times, one behind the other
     */
    public double quantile(double probability, double times) {
        double log = -Math.log(probability) / times;
        return shape == 0 ? location - scale * Math.log(log) : location + scale * (1 - Math.pow(log, shape)) / shape;
    }

    /**
     * An interval of 95 % of how likely it is that something is larger, by resampling what was seen.
     *
     * @param times how many such times, one behind the other
     * @param seed equal seeds give equal intervals
     */
    public Interval exceeded(double value, double times, long seed) {
        UniformDraws random = new UniformDraws(seed);
        double[] estimates = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double[] drawn = new double[maxima.length];
            for (int j = 0; j < drawn.length; j++) {
                drawn[j] = maxima[random.below(drawn.length)];
            }
            estimates[i] = of(drawn).exceeded(value, times);
        }
        double estimate = exceeded(value, times);
        return new Interval(
                estimate,
                Math.min(estimate, Quantiles.quantile(estimates, TAIL)),
                Math.max(estimate, Quantiles.quantile(estimates, 1 - TAIL)));
    }
}
