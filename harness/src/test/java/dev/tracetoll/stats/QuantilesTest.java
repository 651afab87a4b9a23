package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantilesTest {

    /** Eruption times in R's data set {@code faithful}: the first ten of them, {@code x <- faithful$eruptions[1:10]}. */
    private static final double[] ERUPTIONS = {3.600, 1.800, 3.333, 2.283, 4.533, 2.883, 4.700, 3.600, 1.950, 4.350};

    /** R 4.2.2: {@code quantile(x, c(0, .25, .5, .75, .9, 1), type = 7)}. */
    @ParameterizedTest
    @CsvSource({"0, 1.8", "0.25, 2.433", "0.5, 3.4665", "0.75, 4.1625", "0.9, 4.5497", "1, 4.7"})
    void followsDefinitionSeven(double p, double expected) {
        assertThat(Quantiles.quantile(ERUPTIONS, p)).isCloseTo(expected, within(1e-12));
    }

    /** R's data set {@code precip}: inches of rain a year in 70 cities of the United States, with ties. */
    private static final double[] PRECIP = {
        67, 54.7, 7, 48.5, 14, 17.2, 20.7, 13, 43.4, 40.2, 38.9, 54.5, 59.8, 48.3, 22.9, 11.5, 34.4, 35.1, 38.7, 30.8,
        30.6, 43.1, 56.8, 40.8, 41.8, 42.5, 31, 31.7, 30.2, 25.9, 49.2, 37, 35.9, 15, 30.2, 7.2, 36.2, 45.5, 7.8, 33.4,
        36.1, 40.2, 42.7, 42.5, 16.2, 39, 35, 37, 31.4, 37.6, 39.9, 36.2, 42.8, 46.4, 24.7, 49.1, 46, 35.9, 7.8, 48.2,
        15.2, 32.5, 44.7, 42.6, 38.8, 17.4, 40.8, 29.1, 14.6, 59.2
    };

    /** R 4.2.2: {@code quantile(precip, c(.025, .05, .5, .95, .975), type = 7)}. */
    @ParameterizedTest
    @CsvSource({"0.025, 7.635", "0.05, 9.465", "0.5, 36.6", "0.95, 55.855", "0.975, 59.365"})
    void agreesWithRInTheTailsOfASampleWithTies(double p, double expected) {
        assertThat(Quantiles.quantile(PRECIP, p)).isCloseTo(expected, within(1e-12));
    }

    /** R 4.2.2: {@code quantile(7, c(0, .3, 1), type = 7)} and {@code quantile(c(1, 2), .3, type = 7)}. */
    @Test
    void agreesWithRWhereThereIsHardlyASample() {
        assertThat(DoubleStream.of(0, 0.3, 1)
                        .map(p -> Quantiles.quantile(new double[] {7}, p))
                        .toArray())
                .containsOnly(7);
        assertThat(Quantiles.quantile(new double[] {2, 1}, 0.3)).isCloseTo(1.3, within(1e-15));
    }

    /** R 4.2.2: {@code quantile(1:10, c(0, .25, .5, .75, 1), type = 7)}. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0.25, 3.25", "0.5, 5.5", "0.75, 7.75", "1, 10"})
    void agreesWithRsExampleOfOneToTen(double p, double expected) {
        double[] oneToTen = {10, 3, 8, 1, 5, 7, 2, 9, 4, 6};

        assertThat(Quantiles.quantile(oneToTen, p)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void selectsWhatSortingWouldFind() {
        Random random = new Random(11);
        for (int size = 1; size <= 200; size++) {
            double[] sample =
                    random.doubles(size).map(value -> Math.floor(value * 20)).toArray();
            double[] sorted = sample.clone();
            Arrays.sort(sorted);
            double middle = size % 2 == 1 ? sorted[size / 2] : (sorted[size / 2 - 1] + sorted[size / 2]) / 2;

            assertThat(Quantiles.median(sample)).as("size %d", size).isEqualTo(middle);
        }
    }

    @Test
    void leavesTheSampleAsItIs() {
        double[] sample = {3, 1, 2};

        Quantiles.median(sample);

        assertThat(sample).containsExactly(3, 1, 2);
    }

    @Test
    void refusesWhatHasNoQuantile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantiles.median(new double[0]))
                .withMessageContaining("without values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantiles.median(new double[] {1, Double.NaN}))
                .withMessageContaining("NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantiles.quantile(new double[] {1}, 1.5))
                .withMessageContaining("1.5");
    }
}
