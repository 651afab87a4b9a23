package dev.tracetoll.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Where the level of a series of measurements has changed for good: once or several times, by how much, and how sure that is.
 *
 * <p>First the series is cut where that brings it nearest to levels: into segments of {@value #SHORTEST} values at least, so that the sum of the absolute
 * deviations from the segments' medians, and a price for each segment, is least (optimal partitioning: Jackson and others, An algorithm for optimal
 * partitioning of data on an interval, IEEE Signal Processing Letters 12, 2005; absolute deviations, so that one value far off does not draw a segment
 * to itself). The price is low: what is cut in vain is joined again.
 *
 * <p>Then neighbours are joined that do not differ for sure, those first that differ least, as Hunter does it (Fleming and others, Hunter: Using Change
 * Point Detection to Hunt for Performance Regressions, ICPE 2023). They differ for sure if Welch's t test says so, or that of trimmed means (Yuen, The
 * two-sample trimmed t for unequal population variances, Biometrika 61, 1974), which minds no value far off, at a level of {@value #LEVEL} divided by how
 * many tests and cuts there could be (Bonferroni), and their medians differ by more than the tolerance. No segment is taken to vary less than
 * its values are uncertain by themselves, so that a few values that agree by chance prove nothing.
 *
 * <p>How often a series has changes where there are none, and how often a step in its middle is found, there or one beside it, and no other, simulated:
 * normal noise of 3 %, with intervals that say so or that are a sixth as wide, a tolerance of 5 %; 1 000 series of each kind. Of the two kinds of intervals
 * the last three columns have the worse. With one value of the old level half as large again, a step of 20 % was found in 79 % of series of 10 values, and
 * in 91 % of 20:
 *
 * <table>
 *   <caption>Share of series</caption>
 *   <tr><th>values</th><th>false alarm</th><th>the same, intervals too narrow</th><th>the same, one value doubled</th><th>step of 10 %</th><th>step of 20 %</th></tr>
 *   <tr><td>6</td><td>0.000</td><td>0.014</td><td>0.000</td><td>0.72</td><td>0.99</td></tr>
 *   <tr><td>8</td><td>0.001</td><td>0.007</td><td>0.001</td><td>0.72</td><td>1.00</td></tr>
 *   <tr><td>10</td><td>0.000</td><td>0.005</td><td>0.001</td><td>0.76</td><td>1.00</td></tr>
 *   <tr><td>15</td><td>0.000</td><td>0.005</td><td>0.001</td><td>0.94</td><td>0.99</td></tr>
 *   <tr><td>20</td><td>0.001</td><td>0.006</td><td>0.005</td><td>0.95</td><td>0.99</td></tr>
 *   <tr><td>40</td><td>0.000</td><td>0.005</td><td>0.003</td><td>0.97</td><td>0.99</td></tr>
 * </table>
 *
 * <p>A change in the last two values is none yet: one value may be far off, two may be so by chance.
 */
public final class ChangePoints {

    /** Values that a level has at least. */
    public static final int SHORTEST = 3;

    /** Of significance, for a whole series. */
    public static final double LEVEL = 0.05;

    /** What Yuen's test leaves out at either end of a sample. */
    private static final double TRIMMED = 0.2;
    /** Of a 95 % interval of a normal distribution, in standard deviations. */
    private static final double HALF_WIDTH = 1.96;
    /** What the median absolute difference of two normal values is, in their standard deviations: 0.6745 times the root of 2. */
    private static final double MEDIAN_DIFFERENCE = 0.954;

    private final double tolerance;

    /** @param tolerance a change by less than this share does not matter */
    public ChangePoints(double tolerance) {
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("no tolerance: " + tolerance);
        }
        this.tolerance = tolerance;
    }

    /**
     * A change for good.
     *
     * @param at number of the first value of the new level; the first of all is 0
     * @param before median of the values of the old level
     * @param after median of those of the new one
     * @param p how probable a difference as large is if there is none, corrected for how many cuts there could be
     */
    public record ChangePoint(int at, double before, double after, double p) {

        /** By which share of the old level it has changed; 0.1 is 10 % more. */
        public double share() {
            return (after - before) / Math.abs(before);
        }
    }

    /**
     * The changes, in their order; none in a series that is too short for two levels.
     *
     * @param series the measurements, one after the other in time, each with its 95 % interval
     */
    public List<ChangePoint> of(List<Interval> series) {
        if (series.size() < 2 * SHORTEST) {
            return List.of();
        }
        double[] values = series.stream().mapToDouble(Interval::median).toArray();
        double[] errors = series.stream()
                .mapToDouble(each -> (each.high() - each.low()) / 2 / HALF_WIDTH)
                .toArray();
        List<Integer> cuts = cuts(values, errors);
        while (true) {
            List<ChangePoint> changes = changes(values, errors, cuts);
            ChangePoint weakest = changes.stream()
                    .max(Comparator.comparingDouble(this::weakness))
                    .orElse(null);
            if (weakest == null || weakness(weakest) <= LEVEL) {
                return changes;
            }
            cuts.remove((Integer) weakest.at());
        }
    }

    /** The probability; more than any for what does not matter. */
    private double weakness(ChangePoint change) {
        boolean matters = Math.abs(change.after - change.before) > tolerance * Math.abs(change.before);
        return matters ? change.p : 1 + change.p;
    }

    /** Where the segments of the best partition begin, but the first. */
    private static List<Integer> cuts(double[] values, double[] errors) {
        int count = values.length;
        double price = price(values, errors);
        double[] least = new double[count + 1];
        int[] begins = new int[count + 1];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        least[0] = 0;
        for (int end = SHORTEST; end <= count; end++) {
            for (int begin = 0; begin <= end - SHORTEST; begin++) {
                double cost = least[begin] + price + deviation(Arrays.copyOfRange(values, begin, end));
                if (cost < least[end]) {
                    least[end] = cost;
                    begins[end] = begin;
                }
            }
        }
        List<Integer> cuts = new ArrayList<>();
        for (int begin = begins[count]; begin > 0; begin = begins[begin]) {
            cuts.add(0, begin);
        }
        return cuts;
    }

    /** About what a segment gains in vain: the noise, as neighbours show it that hardly ever have a step between them. */
    private static double price(double[] values, double[] errors) {
        double[] differences = IntStream.range(1, values.length)
                .mapToDouble(i -> Math.abs(values[i] - values[i - 1]))
                .toArray();
        double noise = Math.max(Quantiles.median(differences) / MEDIAN_DIFFERENCE, Quantiles.median(errors));
        // No price at all would cut a level in two that has no noise.
        double smallest = Math.abs(Quantiles.median(values)) * 1e-9;
        return Math.max(smallest, noise * Math.log(values.length));
    }

    private static double deviation(double[] values) {
        double median = Quantiles.median(values);
        return Arrays.stream(values).map(value -> Math.abs(value - median)).sum();
    }

    private static List<ChangePoint> changes(double[] values, double[] errors, List<Integer> cuts) {
        int possible = values.length - 2 * SHORTEST + 1;
        List<ChangePoint> changes = new ArrayList<>();
        for (int i = 0; i < cuts.size(); i++) {
            int from = i == 0 ? 0 : cuts.get(i - 1);
            int at = cuts.get(i);
            int to = i == cuts.size() - 1 ? values.length : cuts.get(i + 1);
            changes.add(new ChangePoint(
                    at,
                    Quantiles.median(Arrays.copyOfRange(values, from, at)),
                    Quantiles.median(Arrays.copyOfRange(values, at, to)),
                    Math.min(1, possible * probability(values, errors, from, at, to))));
        }
        return List.copyOf(changes);
    }

    /** By whichever test finds more, and doubled then: of few values it costs much to leave some out, and one far off costs all if none is. */
    private static double probability(double[] values, double[] errors, int from, int at, int to) {
        double whole = Sample.of(values, errors, from, at, 0).probabilityOf(Sample.of(values, errors, at, to, 0));
        if (TRIMMED * Math.max(at - from, to - at) < 1) {
            return whole;
        }
        double trimmed =
                Sample.of(values, errors, from, at, TRIMMED).probabilityOf(Sample.of(values, errors, at, to, TRIMMED));
        return 2 * Math.min(trimmed, whole);
    }

    /**
     * What Yuen's test needs of a sample; without trimming it is Welch's.
     *
     * @param mean of what is left after trimming
     * @param variance squared standard error of that mean
     * @param freedom degrees of it
     */
    private record Sample(double mean, double variance, double freedom) {

        static Sample of(double[] series, double[] errors, int from, int to, double share) {
            double[] sorted = Arrays.copyOfRange(series, from, to);
            Arrays.sort(sorted);
            int count = sorted.length;
            int trimmed = (int) (share * count);
            int left = count - 2 * trimmed;
            double mean =
                    Arrays.stream(sorted, trimmed, count - trimmed).average().orElseThrow();
            double[] winsorized = sorted.clone();
            Arrays.fill(winsorized, 0, trimmed, sorted[trimmed]);
            Arrays.fill(winsorized, count - trimmed, count, sorted[count - trimmed - 1]);
            double centre = Arrays.stream(winsorized).average().orElseThrow();
            double squares = Arrays.stream(winsorized)
                    .map(value -> (value - centre) * (value - centre))
                    .sum();
            double measured = Arrays.stream(errors, from, to)
                            .map(error -> error * error)
                            .average()
                            .orElseThrow()
                    / left;
            return new Sample(mean, Math.max(squares / left / (left - 1), measured), left - 1);
        }

        /** How probable a difference as large is between samples of one level. */
        double probabilityOf(Sample other) {
            double sum = variance + other.variance;
            if (sum == 0) {
                return mean == other.mean ? 1 : 0;
            }
            double degrees =
                    sum * sum / (variance * variance / freedom + other.variance * other.variance / other.freedom);
            double t = Math.abs(mean - other.mean) / Math.sqrt(sum);
            return 2 * new TDistribution(null, degrees).cumulativeProbability(-t);
        }
    }
}
