package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.Affinity;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.testing.Jvms;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.ring.RingChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arms of a round share a JVM, and nothing else. */
@OneAtATime
class RoundProcessIT {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static ArmSpec arm(String technique, CpuPlacement placement, int calls) {
        return new ArmSpec(
                technique,
                technique,
                "calls",
                List.of(),
                calls,
                placement,
                1,
                ArmSpec.MAX_BYTES,
                new Effort(1, 1, 2, 0, 1, Effort.EACH_ROUND));
    }

    private static ArmSpec arm(String technique, int turns, int bursts) {
        return new ArmSpec(
                technique,
                technique,
                "calls",
                List.of(),
                200,
                CpuPlacement.UNPINNED,
                1,
                ArmSpec.MAX_BYTES,
                new Effort(1, 1, turns, 1, bursts, 1));
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
        return rounds().filter(child -> !before.contains(child.pid()))
                .findFirst()
                .orElseThrow();
    }

    /** The JVMs of rounds; other children are those of tests beside this one. */
    private static Stream<ProcessHandle> rounds() {
        return Jvms.running(RoundMain.class);
    }

    private static List<Long> children() {
        return rounds().map(ProcessHandle::pid).toList();
    }

    /** Which CPUs each target may use, by the file that it runs, while all of a round are alive. */
    private static Map<String, List<Integer>> cpusOfTargets(ProcessHandle jvm, int targets)
            throws InterruptedException {
        Deadline deadline = Deadline.in(LONG);
        while (true) {
            List<ProcessHandle> children = jvm.children().toList();
            Map<String, List<Integer>> cpus = new TreeMap<>();
            children.forEach(child -> child.info()
                    .command()
                    .filter(command -> command.contains(TargetCopies.PREFIX))
                    .ifPresent(command -> cpus.put(
                            Path.of(command).getParent().getFileName().toString(),
                            Affinity.ofThread((int) child.pid()).cpus())));
            if (cpus.size() == targets) {
                return cpus;
            }
            assertThat(deadline.isOver()).as("all targets are alive").isFalse();
            Thread.sleep(5);
        }
    }

    @Test
    @NeedsPtrace
    @SuppressWarnings("try") // the round is only to be closed
    void anArmLeavesTheOthersAllCpus() throws InterruptedException {
        List<Long> before = children();
        List<ArmSpec> arms = List.of(
                arm("ebpf", CpuPlacement.ONE_CORE, 200),
                arm("ptrace-classic", CpuPlacement.UNPINNED, 200),
                arm("untraced", CpuPlacement.UNPINNED, 900_000_000));
        try (RoundProcess round = RoundProcess.start(new Round(7, arms, RingChoice.NONE))) {
            Map<String, List<Integer>> cpus = cpusOfTargets(jvm(before), arms.size());

            assertThat(cpus.get("0")).hasSize(1);
            assertThat(cpus.get("1")).isEqualTo(Affinity.ofThisThread().cpus());
            assertThat(cpus.get("2")).isEqualTo(Affinity.ofThisThread().cpus());
        }
        assertThat(children()).as("what a closed round leaves").isEqualTo(before);
    }

    @Test
    @NeedsPtrace
    void armsThatTakeTurnsLeaveAWholeSampleEach() {
        List<ArmSpec> arms = List.of(arm("ebpf-arguments", 5, 2), arm("untraced", 7, 3), arm("ptrace", 3, 1));
        List<Double> shares = new ArrayList<>();
        try (RoundProcess round = RoundProcess.start(new Round(7, arms, RingChoice.NONE))) {
            for (ArmSpec arm : arms) {
                RoundReply reply = round.next(arm, so -> shares.add(so.share()));

                int bursts = arm.effort().turns() * arm.effort().bursts();
                long events = arm.untraced()
                        ? 0
                        : 200L * (bursts + arm.effort().turns() * arm.effort().leadIns());
                assertThat(reply.sample().bursts().all())
                        .as(arm.name())
                        .hasSize(bursts)
                        .allMatch(ns -> ns > 0);
                assertThat(reply.sample().calls()).as(arm.name()).isEqualTo(new EventCounts(events, events, 0));
                assertThat(reply.sample().warmupBursts())
                        .as(arm.name())
                        .isEqualTo(1 + arm.effort().turns());
                assertThat(reply.runResult().getPrimaryResult().getSampleCount())
                        .as(arm.name())
                        .isEqualTo(arm.effort().turns());
            }
        }
        assertThat(shares).allMatch(share -> share >= 0 && share < 1).isSorted();
    }

    @Test
    void anArmThatFailsEndsTheOthers() throws InterruptedException {
        List<Long> before = children();
        List<ArmSpec> arms =
                List.of(arm("ebpf", CpuPlacement.UNPINNED, 200), arm("untraced", CpuPlacement.UNPINNED, 900_000_000));
        try (RoundProcess round = RoundProcess.start(new Round(7, arms, RingChoice.NONE))) {
            ProcessHandle jvm = jvm(before);
            cpusOfTargets(jvm, arms.size());
            jvm.children().forEach(ProcessHandle::destroyForcibly);

            assertThatThrownBy(() -> round.next(arms.get(0), share -> {}))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("killed");
        }
        assertThat(children()).isEqualTo(before);
    }

    @Test
    void aKilledJvmIsOneFailure() throws InterruptedException {
        List<Long> before = children();
        ArmSpec arm = arm("untraced", CpuPlacement.UNPINNED, 900_000_000);
        try (RoundProcess round = RoundProcess.start(new Round(7, List.of(arm), RingChoice.NONE))) {
            ProcessHandle jvm = jvm(before);
            ProcessHandle target = await(jvm);
            jvm.destroyForcibly();

            assertThatThrownBy(() -> round.next(arm, share -> {}))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("untraced on calls")
                    .hasMessageContaining("ended without a sample");
            Deadline deadline = Deadline.in(LONG);
            while (target.isAlive()) {
                assertThat(deadline.isOver()).as("the target ends").isFalse();
                Thread.sleep(5);
            }
        }
    }
}
