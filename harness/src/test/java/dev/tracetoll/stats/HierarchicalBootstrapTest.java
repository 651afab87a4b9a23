package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class HierarchicalBootstrapTest {

    private static final int BURSTS = 30;
    private static final int SAMPLES = 200;
    private static final int RESAMPLES = 200;

    private static double[][] sample(Random random, double median, double[] disturbances, DoubleUnaryOperator shape) {
        double[][] rounds = new double[disturbances.length][BURSTS];
        for (int round = 0; round < rounds.length; round++) {
            for (int burst = 0; burst < BURSTS; burst++) {
                rounds[round][burst] = median * shape.applyAsDouble(disturbances[round] + 0.1 * random.nextGaussian());
            }
        }
        return rounds;
    }

    private static double[] disturbances(Random random, int rounds, double deviation) {
        return random.doubles(rounds).map(ignored -> deviation * random.nextGaussian()).toArray();
    }

    private static double coverage(int rounds, double deviation, DoubleUnaryOperator shape) {
        Random random = new Random(42);
        int covered = 0;
        for (int i = 0; i < SAMPLES; i++) {
            double[][] sample = sample(random, 300, disturbances(random, rounds, deviation), shape);
            if (new HierarchicalBootstrap(i, RESAMPLES, 0.95).median(sample).contains(300)) {
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
        double[][] traced = sample(random, 300, shared, Math::exp);
        double[][] untraced = sample(random, 20, shared, Math::exp);
        double[][] elsewhere = sample(random, 20, disturbances(random, 10, 0.3), Math::exp);
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);

        Interval paired = bootstrap.ratio(traced, untraced);
        Interval unpaired = bootstrap.ratio(traced, elsewhere);

        assertThat(paired.contains(15)).isTrue();
        assertThat(unpaired.high() - unpaired.low()).isGreaterThan(2 * (paired.high() - paired.low()));
    }

    @Test
    void findsTheDifferenceAndTheRatioOfMedians() {
        double[][] traced = {{30, 31, 32}, {30, 31, 32}};
        double[][] untraced = {{10, 10, 10}, {10, 10, 10}};
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);

        assertThat(bootstrap.difference(traced, untraced).median()).isEqualTo(21);
        assertThat(bootstrap.difference(traced, untraced).low()).isBetween(20.0, 21.0);
        assertThat(bootstrap.ratio(traced, untraced).median()).isEqualTo(3.1);
        assertThat(bootstrap.ratio(traced, untraced).high()).isBetween(3.1, 3.2);
    }

    @Test
    void equalSeedsGiveEqualIntervalsWhateverWasAskedBefore() {
        double[][] sample = sample(new Random(3), 300, new double[5], Math::exp);
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(9);
        Interval first = bootstrap.median(sample);

        assertThat(bootstrap.median(sample)).isEqualTo(first);
        assertThat(new HierarchicalBootstrap(9).median(sample)).isEqualTo(first);
        assertThat(new HierarchicalBootstrap(10).median(sample)).isNotEqualTo(first);
    }

    @Test
    void oneBurstAndEqualBurstsHaveAnIntervalOfNoWidth() {
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);

        assertThat(bootstrap.median(new double[][] {{7}})).isEqualTo(new Interval(7, 7, 7));
        assertThat(bootstrap.difference(new double[][] {{5, 5}, {5}}, new double[][] {{2}, {2, 2}})).isEqualTo(new Interval(3, 3, 3));
    }

    @Test
    void refusesWhatCannotBeEstimated() {
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(1);
        double[][] one = {{1}};

        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.median(new double[0][])).withMessageContaining("without rounds");
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.median(new double[][] {{1}, {}})).withMessageContaining("without bursts");
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.median(new double[][] {{Double.NaN}})).withMessageContaining("NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.difference(one, new double[][] {{1}, {2}})).withMessageContaining("pairs");
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.ratio(one, new double[][] {{0}})).withMessageContaining("positive");
        assertThatIllegalArgumentException().isThrownBy(() -> new HierarchicalBootstrap(1, 1, 0.95)).withMessageContaining("2 resamples");
    }
}
