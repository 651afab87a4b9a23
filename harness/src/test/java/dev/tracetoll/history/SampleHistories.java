package dev.tracetoll.history;

import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Build;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Runs of one environment, one a week, with known changes from one to another. */
public final class SampleHistories {

    private static final EventCounts ALL = new EventCounts(66_000, 66_000, 0);
    /** How slow the machine was; in the third run others used it. */
    private static final double[] MACHINE = {1, 1.02, 1.5, 0.99, 1.01, 1, 1.03, 0.98, 1.01};
    /** What else the runs differ by. */
    private static final double[] NOISE = {1, 1.01, 0.99, 1.005, 0.995, 1, 1.01, 0.99, 1};

    private SampleHistories() {}

    /** Nine runs: from the sixth on {@code ebpf-arguments} costs a quarter more; in the fourth {@code ebpf} lost events; what is probed in vain stays as it is. */
    public static List<Run> stepped() {
        return IntStream.range(0, MACHINE.length)
                .mapToObj(i -> run(i, i >= 5 ? 1.25 : 1, i == 3))
                .toList();
    }

    /** The first of them. */
    public static List<Run> first(int count) {
        return stepped().subList(0, count);
    }

    private static Run run(int number, double dearer, boolean lossy) {
        double slow = MACHINE[number];
        List<Arm> arms = new ArrayList<>(List.of(
                SampleRuns.arm("untraced", Arm.UNTRACED, 18_000 * slow, EventCounts.NONE),
                SampleRuns.arm("untraced-again", Arm.UNTRACED, 18_000 * slow, EventCounts.NONE),
                SampleRuns.arm("ebpf-empty", "ebpf-empty", 128_000 * slow, EventCounts.NONE),
                SampleRuns.arm(
                        "ebpf-arguments", "ebpf-arguments", slow * (18_000 + 138_000 * dearer * NOISE[number]), ALL),
                SampleRuns.arm("ebpf-empty-returns", "ebpf-empty-returns", 3_900_000 * slow, EventCounts.NONE)));
        arms.add(
                lossy
                        ? SampleRuns.lossy(SampleRuns.arm("ebpf", "ebpf", 4_000_000, ALL))
                        : SampleRuns.arm("ebpf", "ebpf", 4_000_000 * slow * NOISE[8 - number], ALL));
        Run like = SampleRuns.uncompared(arms);
        return with(like, number, like.environment());
    }

    /** The same run in another environment. */
    public static Run elsewhere(Run run) {
        Environment here = run.environment();
        return with(
                run,
                0,
                new Environment(
                        here.operatingSystem(),
                        "6.1.0-amd64",
                        here.kernelVersion(),
                        here.architecture(),
                        here.cpuModel(),
                        here.cpus(),
                        here.hypervisor(),
                        here.governor(),
                        here.clockSource(),
                        here.mitigations(),
                        here.bootFlags(),
                        here.memoryBytes(),
                        here.goVersion(),
                        here.jdk(),
                        here.tools(),
                        here.atStart(),
                        here.atEnd()));
    }

    private static Run with(Run run, int number, Environment environment) {
        return new Run(
                run.schemaVersion(),
                new Build("0.1.0", String.format(Locale.ROOT, "c0ffee%d", number)),
                SampleRuns.STARTED.plus(Duration.ofDays(7L * number)),
                environment,
                run.experiment(),
                run.command(),
                run.seed(),
                run.budgetNs(),
                run.stopped(),
                run.arms(),
                run.comparisons(),
                run.warnings());
    }
}
