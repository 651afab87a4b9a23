package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtremesTest {

    private static final int MANY = 20_000;

    /** Values of the distribution itself, by its inverse. */
    private static double[] draw(double location, double scale, double shape, int count) {
        Random random = new Random(7);
        double[] values = new double[count];
        Arrays.setAll(values, i -> {
            double log = -Math.log(random.nextDouble());
            return location + scale * (shape == 0 ? -Math.log(log) : (1 - Math.pow(log, shape)) / shape);
        });
        return values;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.3, -0.1, 0, 0.2})
    void whatIsDrawnFromADistributionLeadsBackToIt(double shape) {
        Extremes extremes = Extremes.of(draw(100, 10, shape, MANY));

        for (double probability : new double[] {0.5, 0.9, 0.99}) {
            double log = -Math.log(probability);
            double truth = 100 + 10 * (shape == 0 ? -Math.log(log) : (1 - Math.pow(log, shape)) / shape);
            assertThat(extremes.quantile(probability, 1)).isCloseTo(truth, within(0.05 * (truth - 90)));
            assertThat(extremes.withinOne(truth)).isCloseTo(probability, within(0.01));
        }
    }

    /** The largest of a hundred is distributed as the largest of a hundred. */
    @Test
    void longerTimesAreThePowersOfOne() {
        double[] values = draw(100, 10, -0.1, MANY);
        double[] ofHundred = new double[MANY / 100];
        for (int i = 0; i < ofHundred.length; i++) {
            ofHundred[i] = Arrays.stream(values, 100 * i, 100 * i + 100).max().orElseThrow();
        }
        Extremes extremes = Extremes.of(values);

        double median = Quantiles.median(ofHundred);
        assertThat(extremes.quantile(0.5, 100)).isCloseTo(median, within(0.06 * median));
        assertThat(extremes.exceeded(median, 100)).isCloseTo(0.5, within(0.08));
    }

    @Test
    void quantilesAndProbabilitiesAreInversesOfEachOther() {
        for (double shape : new double[] {-0.2, 0, 0.3}) {
            Extremes extremes = Extremes.of(draw(5, 2, shape, 200));
            for (double times : new double[] {1, 50, 1e5}) {
                for (double probability : new double[] {0.1, 0.5, 0.999}) {
                    assertThat(extremes.exceeded(extremes.quantile(probability, times), times))
                            .isCloseTo(1 - probability, within(1e-6));
                }
            }
        }
    }

    @Test
    void intervalsHoldTheEstimateAndAreNarrowerForMoreValues() {
        Interval few = Extremes.of(draw(100, 10, -0.1, 30)).exceeded(125, 1, 1);
        Interval many = Extremes.of(draw(100, 10, -0.1, 3_000)).exceeded(125, 1, 1);

        assertThat(few.low()).isLessThanOrEqualTo(few.median());
        assertThat(few.high()).isGreaterThanOrEqualTo(few.median());
        assertThat(many.high() - many.low()).isLessThan((few.high() - few.low()) / 2);
    }

    @Test
    void whatNeverVariesIsNeverExceeded() {
        double[] same = new double[20];
        Arrays.fill(same, 42);
        Extremes extremes = Extremes.of(same);

        assertThat(extremes.exceeded(42, 1e6)).isZero();
        assertThat(extremes.exceeded(41.9, 1)).isEqualTo(1);
        assertThat(extremes.quantile(0.999, 1e6)).isEqualTo(42);
    }

    @Test
    void tooFewValuesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Extremes.of(1, 2, 3));
    }
}
