package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.Affinity;
import dev.tracetoll.linux.Deadline;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Placement;
import dev.tracetoll.testing.NeedsPtrace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The arms of a round share a JVM, and nothing else. */
class RoundProcessIT {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static ArmSpec arm(String technique, Placement placement, int calls) {
        return new ArmSpec(technique, technique, "calls", List.of(), calls, placement, 1, TracedTarget.MAX_BYTES, new Effort(1, 2, 1));
    }

    private static ProcessHandle await(ProcessHandle parent) throws InterruptedException {
        Deadline deadline = Deadline.in(LONG);
        while (true) {
            Optional<ProcessHandle> child = parent.children().findFirst();
            if (child.isPresent()) {
                return child.get();
            }
            assertThat(deadline.isOver()).as("a child starts").isFalse();
            Thread.sleep(5);
        }
    }

    /** The JVM of a round that has just been started. */
    private static ProcessHandle jvm(List<Long> before) {
        return ProcessHandle.current().children().filter(child -> !before.contains(child.pid())).findFirst().orElseThrow();
    }

    private static List<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
    }

    @Test
    @NeedsPtrace
    void anArmLeavesTheNextOneAllCpus() throws InterruptedException {
        List<Long> before = children();
        List<ArmSpec> arms = List.of(arm("ptrace", Placement.ONE_CORE, 200), arm("ptrace-floor", Placement.UNPINNED, 200),
                arm("untraced", Placement.UNPINNED, 900_000_000));
        try (RoundProcess round = RoundProcess.start(arms)) {
            round.next(arms.get(0));
            round.next(arms.get(1));
            ProcessHandle target = await(jvm(before));

            assertThat(Affinity.ofThread((int) target.pid()).cpus()).isEqualTo(Affinity.ofThisThread().cpus());
        }
        assertThat(children()).as("what a closed round leaves").isEqualTo(before);
    }

    @Test
    void aKilledJvmIsOneFailure() throws InterruptedException {
        List<Long> before = children();
        ArmSpec arm = arm("untraced", Placement.UNPINNED, 900_000_000);
        try (RoundProcess round = RoundProcess.start(List.of(arm))) {
            ProcessHandle jvm = jvm(before);
            ProcessHandle target = await(jvm);
            jvm.destroyForcibly();

            assertThatThrownBy(() -> round.next(arm)).isInstanceOf(OperationFailed.class).hasMessageContaining("untraced on calls")
                    .hasMessageContaining("ended without a sample");
            Deadline deadline = Deadline.in(LONG);
            while (target.isAlive()) {
                assertThat(deadline.isOver()).as("the target ends").isFalse();
                Thread.sleep(5);
            }
        }
    }
}
