package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantilesTest {

    /** Eruption times in R's data set {@code faithful}: the first ten of them, {@code faithful$eruptions[1:10]}. */
    private static final double[] ERUPTIONS = {3.600, 1.800, 3.333, 2.283, 4.533, 2.883, 4.700, 3.600, 1.950, 4.350};

    @ParameterizedTest
    @CsvSource({"0, 1.8", "0.25, 2.433", "0.5, 3.4665", "0.75, 4.1625", "0.9, 4.5497", "1, 4.7"})
    void followsDefinitionSeven(double p, double expected) {
        assertThat(Quantiles.quantile(ERUPTIONS, p)).isCloseTo(expected, within(1e-12));
    }

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
            double[] sample = random.doubles(size).map(value -> Math.floor(value * 20)).toArray();
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
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.median(new double[0])).withMessageContaining("without values");
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.median(new double[] {1, Double.NaN})).withMessageContaining("NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.quantile(new double[] {1}, 1.5)).withMessageContaining("1.5");
    }
}
