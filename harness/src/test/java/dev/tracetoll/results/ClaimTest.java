package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Claim.Limit;
import dev.tracetoll.results.Claim.Outcome;
import dev.tracetoll.results.Claim.Unit;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTest {

    @ParameterizedTest
    @CsvSource({
        "AT_MOST, 1.10, 1.05, 1.15, KEPT", "AT_MOST, 1.25, 1.2, 1.25, KEPT", "AT_MOST, 1.24, 1.2, 1.3, NARROWLY_KEPT",
        "AT_MOST, 1.26, 1.2, 1.3, NARROWLY_MISSED", "AT_MOST, 1.4, 1.3, 1.5, MISSED",
        "AT_LEAST, 1.4, 1.3, 1.5, KEPT", "AT_LEAST, 1.26, 1.2, 1.3, NARROWLY_KEPT", "AT_LEAST, 1.24, 1.2, 1.3, NARROWLY_MISSED",
        "AT_LEAST, 1.1, 1.0, 1.2, MISSED"})
    void theMedianDecidesAndTheIntervalSaysHowClearly(Limit limit, double median, double low, double high, Outcome outcome) {
        assertThat(claim(limit, Optional.of(new Interval(median, low, high))).outcome()).isEqualTo(outcome);
    }

    @Test
    void whatCannotBeSaidIsNeitherKeptNorMissed() {
        assertThat(claim(Limit.AT_MOST, Optional.empty()).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aLossyArmKeepsNoBound() {
        Run ladder = SampleRuns.ladder();
        List<Arm> arms = new ArrayList<>();
        for (Arm arm : ladder.arms()) {
            boolean lossy = arm.target().equals("goroutines") && arm.technique().equals(Claims.EVENT) || arm.name().equals(Claims.SUSTAINED);
            arms.add(lossy ? lossy(arm) : arm);
        }
        Run lossy = new Run(Run.SCHEMA_VERSION, ladder.tracetoll(), ladder.started(), ladder.environment(), Experiment.LADDER, ladder.command(), 7, 0L,
                ladder.stopped(), arms, ladder.comparisons(), List.of());

        assertThat(outcome(ladder, "2 threads to 1")).isEqualTo(Outcome.KEPT);
        assertThat(outcome(lossy, "2 threads to 1")).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(lossy, "sustained: events lost")).isEqualTo(Outcome.MISSED);
        assertThat(outcome(lossy, "sustained: tracer CPU an event")).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void ofWhatWasNotMeasuredNothingIsSaid() {
        assertThat(Claims.of(SampleRuns.headline())).isEmpty();
        assertThat(Claims.sustained(SampleRuns.headline())).isEmpty();
    }

    private static Arm lossy(Arm arm) {
        return new Arm(arm.name(), arm.technique(), arm.target(), arm.function(), arm.calls(), false, arm.goVersion(), 0, arm.rounds(),
                new EventCounts(arm.expected(), arm.expected() - 12, 12), EventCounts.NONE, 1, 1, 1, 1, arm.placement(), arm.arguments(), 1, 1,
                List.of(), false, 1L);
    }

    private static Outcome outcome(Run run, String what) {
        return Claims.of(run).stream().filter(claim -> claim.what().equals(what)).findFirst().orElseThrow().outcome();
    }

    private static Claim claim(Limit limit, Optional<Interval> figure) {
        return new Claim("a figure", Unit.RATIO, figure, Optional.empty(), Optional.empty(), Optional.empty(), limit, 1.25);
    }
}
