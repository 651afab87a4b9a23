package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Stopped;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoppingTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void endsWithTheRoundsThatWereAskedFor() {
        Stopping stopping = Stopping.rounds(3);

        assertThat(stopping.after(2, 3600 * SECOND, 1800 * SECOND, true)).isEmpty();
        assertThat(stopping.after(3, SECOND, SECOND, false)).contains(Stopped.ROUNDS_DONE);
        assertThat(stopping.share(1.5, SECOND)).isEqualTo(0.5);
    }

    @Test
    void endsAsSoonAsTheIntervalsAreNarrowButNotWithFewRounds() {
        Stopping stopping = Stopping.narrowWithin(Duration.ofMinutes(5));

        assertThat(stopping.after(Precision.FEWEST_ROUNDS - 1, SECOND, SECOND, true))
                .isEmpty();
        assertThat(stopping.after(Precision.FEWEST_ROUNDS, SECOND, SECOND, true))
                .contains(Stopped.NARROW_ENOUGH);
        assertThat(stopping.after(Precision.FEWEST_ROUNDS, SECOND, SECOND, false))
                .isEmpty();
    }

    @Test
    void startsNoRoundThatWouldNotFitIntoTheBudget() {
        Stopping stopping = Stopping.narrowWithin(Duration.ofSeconds(100));

        assertThat(stopping.after(8, 75 * SECOND, 10 * SECOND, false))
                .as("ends with what comes after")
                .isEmpty();
        assertThat(stopping.after(8, 76 * SECOND, 10 * SECOND, false)).contains(Stopped.BUDGET_SPENT);
        assertThat(stopping.after(1, 60 * SECOND, 59 * SECOND, false))
                .as("a long first round")
                .contains(Stopped.BUDGET_SPENT);
        assertThat(stopping.share(1, 25 * SECOND)).isEqualTo(0.25);
    }

    @Test
    void roundsThatWereAskedForNeedNotFit() {
        Stopping stopping = Stopping.rounds(8, Duration.ofSeconds(100));

        assertThat(stopping.after(7, 50 * SECOND, 10 * SECOND, true)).isEmpty();
        assertThat(stopping.after(7, 90 * SECOND, 10 * SECOND, true)).contains(Stopped.BUDGET_SPENT);
        assertThat(stopping.after(8, 50 * SECOND, 10 * SECOND, true)).contains(Stopped.ROUNDS_DONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, 17, 18, 60, 113, 114, 3600})
    void theLeastBudgetLeavesWhatRoundsTake(long seconds) {
        long leastNs = Stopping.withAfterwardsNs(seconds * SECOND);
        assertThat(Stopping.narrowWithin(Duration.ofNanos(leastNs)).measuringNs())
                .isBetween(seconds * SECOND - 2, seconds * SECOND + 2);
        assertThat(leastNs - seconds * SECOND).isBetween(3 * SECOND, 20 * SECOND);
    }

    @Test
    void withoutABudgetThereIsAllTheTime() {
        assertThat(Stopping.rounds(3).measuringNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesToMeasureNothing() {
        assertThatThrownBy(() -> Stopping.rounds(0))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("--rounds");
        assertThatThrownBy(() -> Stopping.narrowWithin(Duration.ZERO))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("--budget");
    }
}
