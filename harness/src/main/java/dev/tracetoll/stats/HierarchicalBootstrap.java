package dev.tracetoll.stats;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile intervals of medians, or of another quantile, by a hierarchical bootstrap: rounds are drawn with replacement, then bursts within each drawn round.
 * Rounds are the replicates; bursts of one round share its disturbances, and taking them for independent would make the interval
 * too narrow.
 *
 * <p>Two samples that are compared were interleaved: round {@code i} of
 * the one ran beside round {@code i} of the other, so both get the same drawn rounds, and what disturbed a round in both cancels.
 *
 * <p>Every call starts from the seed: the result depends on the sample alone, not on what was computed before.
 *
 * <p>How often a nominal 95 % interval holds the true value, simulated: rounds of 30 log-normal bursts that vary by 10 %, with rounds
 * that vary by another 0, 5 or 20 %; 1 000 samples of each kind, so that each figure is good to about 0.014:
 *
 * <table>
 *   <caption>Coverage of the median; that of the difference is the same within 0.01</caption>
 *   <tr><th>rounds</th><th>0 %</th><th>5 %</th><th>20 %</th></tr>
 *   <tr><td>3</td><td>0.99</td><td>0.84</td><td>0.74</td></tr>
 *   <tr><td>5</td><td>0.98</td><td>0.89</td><td>0.86</td></tr>
 *   <tr><td>7</td><td>0.99</td><td>0.91</td><td>0.91</td></tr>
 *   <tr><td>10</td><td>0.99</td><td>0.94</td><td>0.93</td></tr>
 *   <tr><td>20</td><td>0.99</td><td>0.95</td><td>0.93</td></tr>
 *   <tr><td>40</td><td>0.99</td><td>0.95</td><td>0.94</td></tr>
 * </table>
 *
 * <p>With few rounds that differ from each other the interval is too narrow, as a percentile bootstrap of few replicates always is;
 * with rounds that do not differ it is a little too wide. A ratio whose rounds are disturbed in both samples alike is covered at 0.99
 * or more for any number of rounds: the disturbance cancels.
 */
public final class HierarchicalBootstrap {

    /** Resamples unless told otherwise. */
    public static final int DEFAULT_RESAMPLES = 2_000;

    /** Confidence unless told otherwise. */
    public static final double DEFAULT_CONFIDENCE = 0.95;

    private static final double MEDIAN = 0.5;

    private final long seed;
    private final int resamples;
    private final double confidence;
    private final double quantile;

    /** Intervals of 95 % from {@value #DEFAULT_RESAMPLES} resamples. */
    public HierarchicalBootstrap(long seed) {
        this(seed, DEFAULT_RESAMPLES, DEFAULT_CONFIDENCE);
    }

    /**
     * Intervals as asked for.
     *
     * @param seed equal seeds give equal intervals
     * @param resamples how often the sample is drawn again, at least 2
     * @param confidence nominal confidence, between 0 and 1
     */
    public HierarchicalBootstrap(long seed, int resamples, double confidence) {
        this(seed, resamples, confidence, MEDIAN);
    }

    private HierarchicalBootstrap(long seed, int resamples, double confidence, double quantile) {
        if (resamples < 2) {
            throw new IllegalArgumentException("a bootstrap needs at least 2 resamples, not " + resamples);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence lies between 0 and 1, not at " + confidence);
        }
        this.seed = seed;
        this.resamples = resamples;
        this.confidence = confidence;
        this.quantile = quantile;
    }

    /**
     * The same with another quantile of the bursts wherever it says median.
     *
     * @param quantile between 0 and 1
     */
    public HierarchicalBootstrap of(double quantile) {
        requireQuantile(quantile);
        return new HierarchicalBootstrap(seed, resamples, confidence, quantile);
    }

    private static void requireQuantile(double quantile) {
        if (!(quantile > 0 && quantile < 1)) {
            throw new IllegalArgumentException("the quantile lies between 0 and 1, not at " + quantile);
        }
    }

    /** The median of all bursts. */
    public Interval median(Bursts bursts) {
        return estimate(List.of(bursts), medians -> medians[0]);
    }

    /**
     * What two samples are to each other.
     *
     * @param difference the median of one less the median of the other
     * @param ratio the one divided by the other
     */
    public record Compared(Interval difference, Interval ratio) {}

    /** {@link #difference} and {@link #ratio} in the time of one. */
    public Compared compared(Bursts bursts, Bursts against) {
        requirePositive(against);
        List<Interval> both = estimates(
                List.of(bursts, against), List.of(HierarchicalBootstrap::difference, HierarchicalBootstrap::ratio));
        return new Compared(both.get(0), both.get(1));
    }

    /** The median of {@code bursts} less the median of {@code against}. */
    public Interval difference(Bursts bursts, Bursts against) {
        return estimate(List.of(bursts, against), HierarchicalBootstrap::difference);
    }

    private static double difference(double[] medians) {
        return medians[0] - medians[1];
    }

    /** The median of {@code bursts} divided by the median of {@code against}, whose values are all positive. */
    public Interval ratio(Bursts bursts, Bursts against) {
        requirePositive(against);
        return estimate(List.of(bursts, against), HierarchicalBootstrap::ratio);
    }

    private static double ratio(double[] medians) {
        return medians[0] / medians[1];
    }

    private static void requirePositive(Bursts reference) {
        reference.all().filter(ns -> ns <= 0).findFirst().ifPresent(ns -> {
            throw new IllegalArgumentException("a ratio needs a reference of positive values, not " + ns);
        });
    }

    /**
     * A figure made of the medians of several samples whose rounds ran beside each other.
     *
     * @param samples at least one, all with equally many rounds
     * @param ofMedians from the samples' medians, in their order, to the figure, which is finite
     */
    public Interval estimate(List<Bursts> samples, ToDoubleFunction<double[]> ofMedians) {
        return estimateOfRuns(List.of(samples), medians -> ofMedians.applyAsDouble(medians[0]));
    }

    /**
     * A figure made of the medians of several runs. The samples of one run ran beside each other and get the same drawn rounds; those of
     * different runs have nothing in common and are drawn by themselves.
     *
     * @param runs for each run its samples, at least one, all of a run with equally many rounds
     * @param ofMedians from the medians, by run and by sample in their order, to the figure, which is finite
     */
    public Interval estimateOfRuns(List<List<Bursts>> runs, ToDoubleFunction<double[][]> ofMedians) {
        return estimatesOfRuns(runs, List.of(ofMedians), quantile).get(0).get(0);
    }

    /**
     * A figure made of one quantile after the other, each as {@link #of(double)} and {@link #estimateOfRuns} give it, in the time of one.
     *
     * @param quantiles each between 0 and 1
     * @param runs for each run its samples, at least one, all of a run with equally many rounds
     * @param ofQuantiles from the quantiles, by run and by sample in their order, to the figure, which is finite
     * @return for each quantile
     */
    public List<Interval> estimatesOfQuantiles(
            double[] quantiles, List<List<Bursts>> runs, ToDoubleFunction<double[][]> ofQuantiles) {
        Arrays.stream(quantiles).forEach(HierarchicalBootstrap::requireQuantile);
        return estimatesOfRuns(runs, List.of(ofQuantiles), quantiles).stream()
                .map(figures -> figures.get(0))
                .toList();
    }

    /**
     * Several figures of the same medians, each as {@link #estimate} gives it, in the time of one.
     *
     * @param samples at least one, all with equally many rounds
     * @param figures from the samples' medians, in their order, to a figure, which is finite
     */
    public List<Interval> estimates(List<Bursts> samples, List<ToDoubleFunction<double[]>> figures) {
        return estimatesOfRuns(
                        List.of(samples),
                        figures.stream()
                                .<ToDoubleFunction<double[][]>>map(
                                        figure -> medians -> figure.applyAsDouble(medians[0]))
                                .toList(),
                        quantile)
                .get(0);
    }

    /** For each quantile the figures made of it; that several are asked for changes nothing of what is drawn. */
    private List<List<Interval>> estimatesOfRuns(
            List<List<Bursts>> runs, List<ToDoubleFunction<double[][]>> figures, double... quantiles) {
        runs.forEach(HierarchicalBootstrap::requireRun);
        List<List<RankedBursts>> ranked = runs.stream()
                .map(samples -> samples.stream().map(RankedBursts::new).toList())
                .toList();
        UniformDraws random = new UniformDraws(seed);
        double[][][] estimates = new double[quantiles.length][figures.size()][resamples];
        for (int i = 0; i < resamples; i++) {
            for (int run = 0; run < runs.size(); run++) {
                int[] drawn = drawRounds(runs.get(run).get(0).rounds(), random);
                ranked.get(run).forEach(sample -> sample.resample(drawn, random));
            }
            for (int each = 0; each < quantiles.length; each++) {
                double quantile = quantiles[each];
                double[][] drawn = of(ranked, sample -> sample.quantileOfResample(quantile));
                for (int figure = 0; figure < figures.size(); figure++) {
                    estimates[each][figure][i] = figures.get(figure).applyAsDouble(drawn);
                }
            }
        }
        return IntStream.range(0, quantiles.length)
                .mapToObj(each -> {
                    double[][] measured = of(runs, sample -> sample.quantileNs(quantiles[each]));
                    return IntStream.range(0, figures.size())
                            .mapToObj(figure ->
                                    interval(figures.get(figure).applyAsDouble(measured), estimates[each][figure]))
                            .toList();
                })
                .toList();
    }

    /** A figure of each sample, by run. */
    private static <S> double[][] of(List<List<S>> runs, ToDoubleFunction<S> figure) {
        double[][] all = new double[runs.size()][];
        for (int run = 0; run < all.length; run++) {
            List<S> samples = runs.get(run);
            all[run] = new double[samples.size()];
            for (int i = 0; i < samples.size(); i++) {
                all[run][i] = figure.applyAsDouble(samples.get(i));
            }
        }
        return all;
    }

    private static void requireRun(List<Bursts> samples) {
        samples.forEach(HierarchicalBootstrap::requireSample);
        int rounds = samples.get(0).rounds();
        for (Bursts sample : samples) {
            if (sample.rounds() != rounds) {
                throw new IllegalArgumentException("rounds are compared in pairs, but one sample has " + rounds
                        + " and the other " + sample.rounds());
            }
        }
    }

    private Interval interval(double estimate, double[] estimates) {
        double tail = (1 - confidence) / 2;
        return new Interval(estimate, Quantiles.quantile(estimates, tail), Quantiles.quantile(estimates, 1 - tail));
    }

    private static int[] drawRounds(int count, UniformDraws random) {
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = random.below(count);
        }
        return drawn;
    }

    private static void requireSample(Bursts sample) {
        if (sample.rounds() == 0) {
            throw new IllegalArgumentException("a sample without rounds has no median");
        }
        if (sample.hasEmptyRound()) {
            throw new IllegalArgumentException("a sample has a round without bursts");
        }
    }
}
