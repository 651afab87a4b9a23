package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HierarchicalBootstrapTest {

    private static final int BURSTS = 30;
    private static final int SAMPLES = 200;
    private static final int RESAMPLES = 200;

    private static Bursts sample(Random random, double median, double[] disturbances, DoubleUnaryOperator shape) {
        return Bursts.joined(Arrays.stream(disturbances)
                .mapToObj(disturbance -> Bursts.ofRound(LongStream.range(0, BURSTS)
                        .map(burst ->
                                Math.round(median * shape.applyAsDouble(disturbance + 0.1 * random.nextGaussian())))
                        .toArray()))
                .toList());
    }

    private static Bursts rounds(long[][] rounds) {
        return Bursts.joined(Arrays.stream(rounds).map(Bursts::ofRound).toList());
    }

    private static double[] disturbances(Random random, int rounds, double deviation) {
        return random.doubles(rounds)
                .map(ignored -> deviation * random.nextGaussian())
                .toArray();
    }

    private static double coverage(int rounds, double deviation, DoubleUnaryOperator shape) {
        Random random = new Random(42);
        int covered = 0;
        for (int i = 0; i < SAMPLES; i++) {
            Bursts sample = sample(random, 300_000, disturbances(random, rounds, deviation), shape);
            if (new HierarchicalBootstrap(i, RESAMPLES, 0.95).median(sample).contains(300_000)) {
                covered++;
            }
        }
        return (double) covered / SAMPLES;
    }

    /** Four standard deviations of a binomial share. */
    private static double tolerance(double share) {
        return 4 * Math.sqrt(share * (1 - share) / SAMPLES);
    }

    @Test
    void tenRoundsCoverTheMedianOfLogNormalBurstsNearlyAsOftenAsPromised() {
        assertThat(coverage(10, 0.05, Math::exp)).isGreaterThan(0.95 - tolerance(0.95));
    }

    @Test
    void tenRoundsCoverTheMedianOfNormalBurstsNearlyAsOftenAsPromised() {
        assertThat(coverage(10, 0.05, x -> 1 + x)).isGreaterThan(0.95 - tolerance(0.95));
    }

    @Test
    void threeRoundsThatDifferCoverLessOftenThanPromisedAsDocumented() {
        assertThat(coverage(3, 0.2, Math::exp)).isBetween(0.74 - tolerance(0.74), 0.74 + tolerance(0.74));
    }

    @Test
    void whatDisturbsARoundInBothArmsCancelsInTheRatio() {
        Random random = new Random(7);
        double[] shared = disturbances(random, 10, 0.3);
        Bursts traced = sample(random, 300_000, shared, Math::exp);
        Bursts untraced = sample(random, 20_000, shared, Math::exp);
        Bursts elsewhere = sample(random, 20_000, disturbances(random, 10, 0.3), Math::exp);
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);

        Interval paired = bootstrap.ratio(traced, untraced);
        Interval unpaired = bootstrap.ratio(traced, elsewhere);

        assertThat(paired.contains(15)).isTrue();
        assertThat(unpaired.high() - unpaired.low()).isGreaterThan(2 * (paired.high() - paired.low()));
    }

    @Test
    void findsTheDifferenceAndTheRatioOfMedians() {
        Bursts traced = rounds(new long[][] {{30, 31, 32}, {30, 31, 32}});
        Bursts untraced = rounds(new long[][] {{10, 10, 10}, {10, 10, 10}});
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);

        assertThat(bootstrap.difference(traced, untraced).median()).isEqualTo(21);
        assertThat(bootstrap.difference(traced, untraced).low()).isBetween(20.0, 21.0);
        assertThat(bootstrap.ratio(traced, untraced).median()).isEqualTo(3.1);
        assertThat(bootstrap.ratio(traced, untraced).high()).isBetween(3.1, 3.2);
    }

    @Test
    void equalSeedsGiveEqualIntervalsWhateverWasAskedBefore() {
        Bursts sample = sample(new Random(3), 300_000, new double[5], Math::exp);
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(9);
        Interval first = bootstrap.median(sample);

        assertThat(bootstrap.median(sample)).isEqualTo(first);
        assertThat(new HierarchicalBootstrap(9).median(sample)).isEqualTo(first);
        assertThat(new HierarchicalBootstrap(10).median(sample)).isNotEqualTo(first);
    }

    @Test
    void askedForSeveralAtATimeItGivesEachAsByItself() {
        Random random = new Random(5);
        Bursts one = sample(random, 300_000, disturbances(random, 5, 0.1), Math::exp);
        Bursts other = sample(random, 20_000, disturbances(random, 5, 0.1), Math::exp);
        Bursts elsewhere = sample(random, 20_000, disturbances(random, 7, 0.1), Math::exp);
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(9);

        assertThat(bootstrap.compared(one, other))
                .isEqualTo(new HierarchicalBootstrap.Compared(
                        bootstrap.difference(one, other), bootstrap.ratio(one, other)));

        List<List<Bursts>> runs = List.of(List.of(one, other), List.of(elsewhere));
        ToDoubleFunction<double[][]> figure = bursts -> bursts[0][0] / bursts[0][1] - bursts[1][0];
        assertThat(bootstrap.estimatesOfQuantiles(new double[] {0.5, 0.05, 0.9}, runs, figure))
                .containsExactly(
                        bootstrap.estimateOfRuns(runs, figure),
                        bootstrap.of(0.05).estimateOfRuns(runs, figure),
                        bootstrap.of(0.9).estimateOfRuns(runs, figure));
    }

    @Test
    void oneBurstAndEqualBurstsHaveAnIntervalOfNoWidth() {
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);

        assertThat(bootstrap.median(Bursts.ofRound(7))).isEqualTo(new Interval(7, 7, 7));
        assertThat(bootstrap.difference(rounds(new long[][] {{5, 5}, {5}}), rounds(new long[][] {{2}, {2, 2}})))
                .isEqualTo(new Interval(3, 3, 3));
    }

    /** Hours between failures of air conditioning, 12 of them, no median far from the next: {@code boot::aircondit} (Davison and Hinkley, example 1.1). */
    private static final long[] AIRCONDIT = {3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487};

    /** R 4.2.2, boot 1.3-28.1: {@code quantile(boot(aircondit$hours, function(d, i) median(d[i]), 200000)$t, c(.025, .975), type = 7)}. */
    private static final Interval AIRCONDIT_MEDIAN = new Interval(88, 12.5, 115);

    private static final int MANY = 20_000;

    private static Bursts roundsOfOne(long... values) {
        return Bursts.joined(Arrays.stream(values).mapToObj(Bursts::ofRound).toList());
    }

    /** Rounds of one burst are an ordinary sample. The medians are few, and the bounds lie well inside what one of them has of the distribution. */
    @Test
    void roundsOfOneBurstAreResampledAsRsBootDoes() {
        assertThat(new HierarchicalBootstrap(1, MANY, 0.95).median(roundsOfOne(AIRCONDIT)))
                .isEqualTo(AIRCONDIT_MEDIAN);
    }

    /** So are the bursts of a single round. */
    @Test
    void oneRoundIsResampledAsRsBootDoes() {
        assertThat(new HierarchicalBootstrap(1, MANY, 0.95).median(Bursts.ofRound(AIRCONDIT)))
                .isEqualTo(AIRCONDIT_MEDIAN);
    }

    /**
     * Pairs, as arms of a round are: {@code boot::city}, inhabitants of ten cities of the United States in thousands, x in 1930, u in 1920 (Davison and
     * Hinkley, example 1.2).
     *
     * <p>R 4.2.2, boot 1.3-28.1: {@code quantile(boot(city, function(d, i) median(d$x[i]) - median(d$u[i]), 200000)$t, c(.025, .975), type = 7)}
     * is 8 and 70.5, and with {@code /} it is 1.11828 and, as 0.025 of the distribution begins there, 3.0377 or the next possible value, 3.1.
     */
    @Test
    void pairedRoundsAreResampledAsRsBootDoes() {
        Bursts u = roundsOfOne(138, 93, 61, 179, 48, 37, 29, 23, 30, 2);
        Bursts x = roundsOfOne(143, 104, 69, 260, 75, 63, 50, 48, 111, 50);
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1, MANY, 0.95);

        assertThat(bootstrap.difference(x, u)).isEqualTo(new Interval(72 - 42.5, 8, 70.5));
        assertThat(bootstrap.ratio(x, u).median()).isEqualTo(72 / 42.5);
        assertThat(bootstrap.ratio(x, u).low()).isCloseTo(1.1182795698924730, within(1e-12));
        assertThat(bootstrap.ratio(x, u).high()).isBetween(3.0377, 3.1001);
    }

    /**
     * Two stages: R's data set {@code chickwts}, weights of chicks by feed, of which there are 10 to 14 each.
     *
     * <p>R 4.2.2: {@code x <- split(chickwts$weight, chickwts$feed); t <- replicate(50000, median(unlist(lapply(sample(length(x), replace =
     * TRUE), function(g) sample(x[[g]], replace = TRUE))))); quantile(t, c(.02, .025, .03, .97, .975, .98), type = 7)} is 203, 206, 208, 320, 320,
     * 321; four standard errors of a quantile from 20 000 resamples are less than from 0.02 to 0.03.
     */
    @Test
    void roundsOfSeveralBurstsAreResampledInTwoStagesAsRDoes() {
        Bursts chicks = rounds(new long[][] {
            {368, 390, 379, 260, 404, 318, 352, 359, 216, 222, 283, 332},
            {179, 160, 136, 227, 217, 168, 108, 124, 143, 140},
            {309, 229, 181, 141, 260, 203, 148, 169, 213, 257, 244, 271},
            {325, 257, 303, 315, 380, 153, 263, 242, 206, 344, 258},
            {243, 230, 248, 327, 329, 250, 193, 271, 316, 267, 199, 171, 158, 248},
            {423, 340, 392, 339, 341, 226, 320, 295, 334, 322, 297, 318}
        });

        Interval interval = new HierarchicalBootstrap(1, MANY, 0.95).median(chicks);

        assertThat(interval.median()).isEqualTo(258);
        assertThat(interval.low()).isBetween(203.0, 208.0);
        assertThat(interval.high()).isBetween(320.0, 321.0);
    }

    /**
     * The same with many ties: R's data set {@code InsectSprays}, insects counted after each of six sprays; {@code x <- split(InsectSprays$count,
     * InsectSprays$spray)}. R 4.2.2, as above: 3 at both 0.02 and 0.03; 14 at 0.97, 14.5 at 0.98.
     */
    @Test
    void tiesAreResampledInTwoStagesAsRDoes() {
        Bursts insects = rounds(new long[][] {
            {10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13}, {11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13},
            {0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4}, {3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4},
            {3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4}, {11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13}
        });

        Interval interval = new HierarchicalBootstrap(1, MANY, 0.95).median(insects);

        assertThat(interval.median()).isEqualTo(7);
        assertThat(interval.low()).isEqualTo(3);
        assertThat(interval.high()).isBetween(14.0, 14.5);
    }

    @Test
    void refusesWhatCannotBeEstimated() {
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);
        Bursts one = rounds(new long[][] {{1}});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.median(Bursts.joined(List.of())))
                .withMessageContaining("without rounds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.median(rounds(new long[][] {{1}, {}})))
                .withMessageContaining("without bursts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.difference(one, roundsOfOne(1, 2)))
                .withMessageContaining("pairs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.ratio(one, Bursts.ofRound(0)))
                .withMessageContaining("positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HierarchicalBootstrap(1, 1, 0.95))
                .withMessageContaining("2 resamples");
    }
}
