package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.experiment.headline.HeadlinePlan;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Stopped;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.Jvms;
import dev.tracetoll.testing.NeedsEbpf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A budget ends a run wherever it is. */
@Alone
@NeedsEbpf
class MeasurementIT {

    private static final Duration BUDGET = Duration.ofMinutes(10);

    private static Plan plan() {
        return HeadlinePlan.of(
                target -> List.of(Techniques.named("ebpf-arguments")),
                List.of("text"),
                List.of(200),
                Stopping.rounds(50, BUDGET),
                7);
    }

    private static void assertNoJvmIsLeft() {
        assertThat(Jvms.running(RoundMain.class)).isEmpty();
    }

    /** No JVM starts, warms up and measures within a second. */
    @Test
    void theFirstRoundThatIsNotOverInTimeIsAbandoned() {
        long startedNs = System.nanoTime()
                - plan().stopping().measuringNs()
                + Duration.ofSeconds(1).toNanos();
        assertThatThrownBy(() -> new Measurement(plan(), startedNs).run(so -> {}))
                .isInstanceOf(BadInput.class)
                .hasMessageMatching(
                        "--budget 600s is too short here: the first round of \\d+ arms was not over after \\d+s, and with the report takes about "
                                + "\\d+s; choose --budget \\d+s or more, or measure less");
        assertNoJvmIsLeft();
    }

    @Test
    void whatLaterRoundsHaveMeasuredWhenTheTimeIsOverDoesNotCount() {
        List<Integer> seen = new ArrayList<>();
        AtomicLong elapsedNs = new AtomicLong();
        Measurement.Outcome outcome = new Measurement(plan(), elapsedNs::get).run(so -> {
            seen.add(so.round());
            assertThat(so.medianNs().isEmpty()).isEqualTo(so.round() == 1);
            if (so.round() == 2) {
                elapsedNs.set(BUDGET.toNanos());
            }
        });
        assertThat(outcome.stopped()).isEqualTo(Stopped.BUDGET_SPENT);
        assertThat(outcome.arms())
                .allSatisfy(arm -> assertThat(arm.bursts().rounds()).isEqualTo(1));
        assertThat(seen).contains(1, 2).doesNotContain(3);
        assertNoJvmIsLeft();
    }
}
