package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

    @ParameterizedTest
    @CsvSource({
        "1, 2, 2, 3, true",
        "2, 3, 1, 2, true",
        "1, 4, 2, 3, true",
        "2, 3, 1, 4, true",
        "1, 2, 2.1, 3, false",
        "2.1, 3, 1, 2, false"
    })
    void touchesWhatItHasAPointInCommonWith(
            double low, double high, double otherLow, double otherHigh, boolean touches) {
        assertThat(new Interval(low, low, high).touches(new Interval(otherLow, otherLow, otherHigh)))
                .isEqualTo(touches);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "1.5, true", "0.9, false", "2.1, false"})
    void containsItsBounds(double value, boolean contained) {
        assertThat(new Interval(1.5, 1, 2).contains(value)).isEqualTo(contained);
    }

    @Test
    void isDividedByPositiveNumbers() {
        assertThat(new Interval(4, 2, 8).dividedBy(2)).isEqualTo(new Interval(2, 1, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(4, 2, 8).dividedBy(0))
                .withMessageContaining("not by 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Interval(4, 2, 8).dividedBy(Double.NaN));
    }

    @ParameterizedTest
    @CsvSource({"NaN, 1, 2", "1, Infinity, 2", "1, 1, -Infinity", "1, 2, 1"})
    void refusesWhatIsNoInterval(double median, double low, double high) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(median, low, high))
                .withMessageContaining("not an interval");
    }

    @Test
    void mayHaveNoWidth() {
        assertThat(new Interval(1, 1, 1).contains(1)).isTrue();
    }
}
