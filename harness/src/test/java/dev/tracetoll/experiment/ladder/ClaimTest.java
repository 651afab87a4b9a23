package dev.tracetoll.experiment.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.experiment.growth.GrowthAxis;
import dev.tracetoll.experiment.ladder.Claim.Limit;
import dev.tracetoll.experiment.ladder.Claim.Outcome;
import dev.tracetoll.experiment.ladder.Claim.Unit;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.stats.MappedBursts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTest {

    @ParameterizedTest
    @CsvSource({
        "AT_MOST, 1.10, 1.05, 1.15, KEPT",
        "AT_MOST, 1.25, 1.2, 1.25, KEPT",
        "AT_MOST, 1.24, 1.2, 1.3, NARROWLY_KEPT",
        "AT_MOST, 1.26, 1.2, 1.3, NARROWLY_MISSED",
        "AT_MOST, 1.4, 1.3, 1.5, MISSED",
        "AT_LEAST, 1.4, 1.3, 1.5, KEPT",
        "AT_LEAST, 1.26, 1.2, 1.3, NARROWLY_KEPT",
        "AT_LEAST, 1.24, 1.2, 1.3, NARROWLY_MISSED",
        "AT_LEAST, 1.1, 1.0, 1.2, MISSED"
    })
    void theMedianDecidesAndTheIntervalSaysHowClearly(
            Limit limit, double median, double low, double high, Outcome outcome) {
        assertThat(claim(limit, Optional.of(new Interval(median, low, high))).outcome())
                .isEqualTo(outcome);
    }

    @Test
    void whatCannotBeSaidIsNeitherKeptNorMissed() {
        assertThat(claim(Limit.AT_MOST, Optional.empty()).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatIsAskedOfOtherMachinesIsNotMissedHere() {
        assertThat(new Claim(
                                "a figure",
                                Unit.RATIO,
                                Optional.of(new Interval(8, 7, 9)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Limit.AT_LEAST,
                                20,
                                false)
                        .outcome())
                .isEqualTo(Outcome.NOT_ASKED);
        assertThat(Outcome.NOT_ASKED.missed()).isFalse();
    }

    @Test
    void peersThatStepAreJudgedWhereStepsAreDear() {
        // The sample's empty programs cost 550 ns a call.
        Run dear = with(Ladder.EMPTY_AT_ENTRY, 30);
        Run cheap = with(Ladder.EMPTY_AT_ENTRY, 10);

        for (String peer : List.of("bpftrace", "dlv-ebpf")) {
            assertThat(outcome(dear, peer + " to ebpf-arguments")).as(peer).isNotEqualTo(Outcome.NOT_ASKED);
            assertThat(outcome(cheap, peer + " to ebpf-arguments")).as(peer).isEqualTo(Outcome.NOT_ASKED);
        }
        assertThat(outcome(cheap, "dlv to ptrace-arguments"))
                .as("it does not step")
                .isEqualTo(Outcome.KEPT);
    }

    @Test
    void anEventIsComparedWithItsReadings() {
        // The sample's event costs 160 µs a burst of 200 calls, 50 more than its empty program.
        assertThat(outcome(with(Ladder.READINGS, 1.39), "ebpf-arguments to ebpf-readings, one core"))
                .isEqualTo(Outcome.KEPT);
        assertThat(outcome(with(Ladder.READINGS, 1), "ebpf-arguments to ebpf-readings, two cores"))
                .isEqualTo(Outcome.MISSED);
    }

    /** The sample with another rung, whose bursts are so many times as long as those of the empty program. */
    private static Run with(String rung, double factor) {
        Run ladder = SampleRuns.ladder();
        List<Arm> arms = new ArrayList<>(ladder.arms());
        ladder.arms().stream()
                .filter(arm -> arm.name().equals(Claims.FLOOR) && arm.target().equals(Claims.TARGET))
                .forEach(arm -> arms.add(ArmDraft.of(rung, rung)
                        .target(arm.target(), arm.function())
                        .calls(arm.calls())
                        .goVersion(arm.goVersion())
                        .bursts(MappedBursts.of(arm.bursts(), ns -> (long) (ns * factor)))
                        .cpuNs(1, 1)
                        .peakBytes(1, 1)
                        .placement(arm.placement())
                        .arguments(arm.arguments())
                        .functions(1)
                        .threads(1)
                        .ringBytes(1L)
                        .arm()));
        return withArms(ladder, arms);
    }

    private static Run withArms(Run run, List<Arm> arms) {
        return new Run(
                Run.SCHEMA_VERSION,
                run.tracetoll(),
                run.started(),
                run.environment(),
                "ladder",
                run.command(),
                7,
                0L,
                run.stopped(),
                arms,
                run.comparisons(),
                List.of());
    }

    @Test
    void aLossyArmKeepsNoBound() {
        Run ladder = SampleRuns.ladder();
        List<Arm> arms = new ArrayList<>();
        for (Arm arm : ladder.arms()) {
            boolean lossy = arm.target().equals("goroutines") && arm.technique().equals(Claims.EVENT)
                    || arm.name().equals(Claims.SUSTAINED);
            arms.add(lossy ? lossy(arm) : arm);
        }
        Run lossy = withArms(ladder, arms);

        assertThat(outcome(ladder, "2 threads to 1")).isEqualTo(Outcome.KEPT);
        assertThat(outcome(lossy, "2 threads to 1")).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(lossy, "sustained: events lost")).isEqualTo(Outcome.MISSED);
        assertThat(outcome(lossy, "sustained: tracer CPU an event")).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatTheMachineAddsForASecondThreadIsNotTheRings() {
        String growth = "inline, 2 threads to 1, to its floor's growth";
        Run ladder = SampleRuns.ladder();
        Run steady = withArms(
                ladder,
                ladder.arms().stream()
                        .map(arm -> arm.name().equals(Claims.FLOOR_OF_JUMPS)
                                        && arm.arguments().equals(GrowthAxis.THREADS.arguments(2))
                                ? faster(arm)
                                : arm)
                        .toList());

        // Both grow by three tenths; then the floor does not.
        assertThat(outcome(ladder, growth)).isEqualTo(Outcome.KEPT);
        assertThat(outcome(steady, growth)).isEqualTo(Outcome.MISSED);
    }

    /** With bursts of nine tenths: its calls cost as much as those of one thread. */
    private static Arm faster(Arm arm) {
        return draft(arm)
                .bursts(MappedBursts.of(arm.bursts(), ns -> ns * 9 / 10))
                .events(new EventCounts(arm.expected(), arm.seen(), arm.lost()))
                .arm();
    }

    @Test
    void ofWhatWasNotMeasuredNothingIsSaid() {
        assertThat(Claims.of(SampleRuns.headline(), Comparisons.remembering(1))).isEmpty();
        assertThat(Claims.sustained(SampleRuns.headline())).isEmpty();
    }

    private static Arm lossy(Arm arm) {
        return draft(arm)
                .bursts(arm.bursts())
                .events(new EventCounts(arm.expected(), arm.expected() - 12, 12))
                .arm();
    }

    /** One like it, without bursts and events. */
    private static ArmDraft draft(Arm arm) {
        return ArmDraft.of(arm.name(), arm.technique())
                .target(arm.target(), arm.function())
                .calls(arm.calls())
                .goVersion(arm.goVersion())
                .cpuNs(1, 1)
                .peakBytes(1, 1)
                .placement(arm.placement())
                .arguments(arm.arguments())
                .functions(1)
                .threads(1)
                .ringBytes(1L);
    }

    private static Outcome outcome(Run run, String what) {
        return Claims.of(run, Comparisons.remembering(run.seed())).stream()
                .filter(claim -> claim.what().equals(what))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    private static Claim claim(Limit limit, Optional<Interval> figure) {
        return new Claim(
                "a figure",
                Unit.RATIO,
                figure,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit,
                1.25,
                true);
    }
}
