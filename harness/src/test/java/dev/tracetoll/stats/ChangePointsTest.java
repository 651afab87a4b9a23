package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.stats.ChangePoints.ChangePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangePointsTest {

    private static final ChangePoints CHANGES = new ChangePoints(0.05);

    /** Values with intervals of 2 % to either side. */
    private static List<Interval> series(double... values) {
        return DoubleStream.of(values)
                .mapToObj(value -> new Interval(value, value - 0.02 * Math.abs(value), value + 0.02 * Math.abs(value)))
                .toList();
    }

    /** A level of 100 that is another from some value on, with normal noise of 3 %, and intervals as wide. */
    private static List<Interval> noisy(int count, int step, double after, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> (i < step ? 100 : after) * (1 + 0.03 * random.nextGaussian()))
                .map(value -> new Interval(value, value - 0.0588 * 100, value + 0.0588 * 100))
                .toList();
    }

    private static List<Integer> places(List<Interval> series) {
        return CHANGES.of(series).stream().map(ChangePoint::at).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 6, 7, 20})
    void nothingHasChangedWhereAllIsTheSame(int count) {
        assertThat(places(series(new double[count]))).isEmpty();
        assertThat(places(series(DoubleStream.generate(() -> 100).limit(count).toArray())))
                .isEmpty();
    }

    @Test
    void aStepIsFound() {
        List<ChangePoint> changes = CHANGES.of(series(100, 101, 99, 100, 130, 131, 129, 130));

        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).at()).isEqualTo(4);
        assertThat(changes.get(0).before()).isEqualTo(100);
        assertThat(changes.get(0).after()).isEqualTo(130);
        assertThat(changes.get(0).share()).isCloseTo(0.3, within(1e-9));
        assertThat(changes.get(0).p()).isLessThan(ChangePoints.LEVEL);
    }

    @Test
    void aStepWithoutAnyNoiseIsFound() {
        assertThat(CHANGES.of(List.of(1.0, 1.0, 1.0, 2.0, 2.0, 2.0).stream()
                        .map(value -> new Interval(value, value, value))
                        .toList()))
                .containsExactly(new ChangePoint(3, 1, 2, 0));
    }

    @Test
    void twoStepsAreFound() {
        assertThat(places(series(100, 101, 99, 100, 130, 131, 129, 130, 160, 161, 159)))
                .containsExactly(4, 8);
        assertThat(places(series(100, 101, 99, 100, 130, 131, 129, 130, 100, 101, 99, 100)))
                .as("up and down again")
                .containsExactly(4, 8);
    }

    @Test
    void oneValueFarOffIsNoStep() {
        double[] level = {100, 101, 99, 100, 101, 100, 99, 100, 101, 99};
        for (int i = 0; i < level.length; i++) {
            for (double off : new double[] {10, 130, 200, 10_000}) {
                double[] values = level.clone();
                values[i] = off;
                assertThat(places(series(values))).as("%s at %d", off, i).isEmpty();
            }
        }
    }

    @Test
    void oneValueFarOffHidesNoStep() {
        assertThat(places(series(100, 101, 300, 100, 101, 130, 131, 129, 130, 131)))
                .containsExactly(5);
    }

    @Test
    void twoValuesAreNoLevelYet() {
        assertThat(places(series(100, 101, 99, 100, 101, 100, 130, 131))).isEmpty();
        assertThat(places(series(100, 101, 99, 100, 101, 100, 130, 131, 130))).containsExactly(6);
    }

    @Test
    void aStepWithinTheToleranceDoesNotMatter() {
        assertThat(places(series(100, 100, 100, 100, 104, 104, 104, 104))).isEmpty();
        assertThat(new ChangePoints(0.01)
                        .of(DoubleStream.of(100, 100, 100, 100, 104, 104, 104, 104)
                                .mapToObj(value -> new Interval(value, value - 0.1, value + 0.1))
                                .toList()))
                .hasSize(1);
    }

    @Test
    void whatIsUncertainByItselfProvesNothingByAgreeing() {
        List<Interval> series = DoubleStream.of(100, 100, 100, 110, 110, 110)
                .mapToObj(value -> new Interval(value, value - 30, value + 30))
                .toList();

        assertThat(CHANGES.of(series)).isEmpty();
    }

    @Test
    void negativeLevelsAreLevels() {
        assertThat(places(series(-10, -10.1, -9.9, -10, 10, 10.1, 9.9, 10))).containsExactly(4);
    }

    /** As the table in the class's documentation says, with a margin for the simulation. */
    @ParameterizedTest
    @CsvSource({"6, 0.6, 0.95", "10, 0.7, 0.95", "20, 0.9, 0.95", "40, 0.9, 0.95"})
    void noiseIsSeldomTakenForAStepAndStepsAreFoundInIt(int count, double tenth, double fifth) {
        int series = 300;
        int falseAlarms = 0;
        int alarmsOfOutliers = 0;
        int foundTenth = 0;
        int foundFifth = 0;
        for (int seed = 0; seed < series; seed++) {
            falseAlarms += places(noisy(count, count, 100, seed)).isEmpty() ? 0 : 1;
            List<Interval> outlier = new ArrayList<>(noisy(count, count, 100, seed));
            outlier.set(seed % count, new Interval(200, 194, 206));
            alarmsOfOutliers += places(outlier).isEmpty() ? 0 : 1;
            foundTenth += found(count, 110, seed) ? 1 : 0;
            foundFifth += found(count, 120, seed) ? 1 : 0;
        }
        assertThat(falseAlarms / (double) series).isLessThan(0.03);
        assertThat(alarmsOfOutliers / (double) series).isLessThan(0.03);
        assertThat(foundTenth / (double) series).isGreaterThan(tenth);
        assertThat(foundFifth / (double) series).isGreaterThan(fifth);
    }

    private static boolean found(int count, double after, long seed) {
        List<Integer> places = places(noisy(count, count / 2, after, seed));
        return places.size() == 1 && Math.abs(places.get(0) - count / 2) <= 1;
    }

    @Test
    void aToleranceIsAShare() {
        assertThatThrownBy(() -> new ChangePoints(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChangePoints(-0.1)).isInstanceOf(IllegalArgumentException.class);
    }
}
