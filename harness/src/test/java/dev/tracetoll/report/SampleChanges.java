package dev.tracetoll.report;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Change.Figure;
import dev.tracetoll.compare.Change.Unit;
import dev.tracetoll.compare.RunChange;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Build;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Comparisons of two runs with known outcomes. */
final class SampleChanges {

    private static final Workload CALLS = new Workload("calls", List.of(), "main.probed", 200, CpuPlacement.UNPINNED);
    private static final Workload TEXT =
            new Workload("text", List.of("bytes=64"), "main.probed", 1, CpuPlacement.TWO_CORES);
    private static final double FLOOR_NS = 560;

    private SampleChanges() {}

    static Changes fine() {
        return changes(floor(CALLS), ebpf(CALLS, 1.004, Verdict.FINE, null), ptrace(1.01, Verdict.FINE, null));
    }

    static Changes dearer() {
        return changes(
                floor(CALLS),
                ebpf(
                        CALLS,
                        1.12,
                        Verdict.DEARER,
                        "the probe sites were push rbp (emulated) and are sub rsp, 0x18 (stepped)"),
                ptrace(
                        1.03,
                        Verdict.INCONCLUSIVE,
                        "the interval of the ratio, 0.960 to 1.100, holds 1 plus the tolerance of 5 %; "
                                + "measure longer or on a quieter machine"));
    }

    static Changes cheaper() {
        return changes(ebpf(CALLS, 0.8, Verdict.CHEAPER, null));
    }

    static Changes inconclusive() {
        return changes(
                floor(CALLS),
                change(
                        CALLS,
                        "ebpf",
                        Unit.FLOORS,
                        1.6,
                        1.02,
                        0.074,
                        0.05,
                        Verdict.INCONCLUSIVE,
                        "two identical arms differ by up to 7.4 %, which is not below the tolerance of 5 %; measure longer or on a quieter machine"));
    }

    static Changes drownedInNoise() {
        Interval anything = new Interval(0.9, -Double.MAX_VALUE, Double.MAX_VALUE);
        Interval ns = new Interval(-2, -30, 40);
        return changes(new Change(
                CALLS,
                "ebpf|`x`",
                "ebpf",
                Figure.QUICK,
                Unit.CALLS,
                ns,
                ns,
                anything,
                anything,
                anything,
                Double.MAX_VALUE,
                0.05,
                Verdict.INCONCLUSIVE,
                Optional.of("the baseline's overhead is not above its noise; measure longer or on a quieter machine")));
    }

    static Changes severalWorkloads() {
        return changes(floor(CALLS), ebpf(CALLS, 1.0, Verdict.FINE, null), ebpf(TEXT, 1.2, Verdict.DEARER, null));
    }

    static Changes across() {
        Environment old = SampleRuns.environment();
        TreeMap<String, String> mitigations = new TreeMap<>(old.mitigations());
        mitigations.put("meltdown", "Mitigation: PTI");
        Environment other = new Environment(
                old.operatingSystem(),
                "6.1.0-18-amd64",
                old.kernelVersion(),
                old.architecture(),
                "Other CPU",
                16,
                Environment.NONE,
                "performance",
                old.clockSource(),
                mitigations,
                List.of(),
                old.memoryBytes(),
                "go1.23.4",
                old.jdk(),
                old.tools(),
                old.atStart(),
                old.atEnd());
        return new Changes(
                run("0123abc", 0, old),
                run("4567def", 30, other),
                new RunChange(0.05, true, List.of(ebpf(CALLS, 1.02, Verdict.FINE, null))));
    }

    private static Changes changes(Change... changes) {
        return new Changes(
                run("0123abc", 0, SampleRuns.environment()),
                run("4567def", 30, SampleRuns.environment()),
                new RunChange(0.05, false, List.of(changes)));
    }

    private static Run run(String commit, int daysLater, Environment environment) {
        Run like = SampleRuns.run(List.of(SampleRuns.arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE)));
        return new Run(
                like.schemaVersion(),
                new Build("0.1.0", commit),
                like.started().plus(Duration.ofDays(daysLater)),
                environment,
                like.experiment(),
                like.command(),
                like.seed(),
                like.budgetNs(),
                like.stopped(),
                like.arms(),
                like.comparisons(),
                like.warnings());
    }

    private static Change floor(Workload workload) {
        return change(workload, "ebpf-empty", Unit.CALLS, 6.02, 1.01, 0.012, 0.5, Verdict.FINE, null);
    }

    private static Change ebpf(Workload workload, double ratio, Verdict verdict, String why) {
        return change(workload, "ebpf", Unit.FLOORS, 1.21, ratio, 0.0134, 0.05, verdict, why);
    }

    private static Change ptrace(double ratio, Verdict verdict, String why) {
        return change(CALLS, "ptrace", Unit.FLOORS, 12.75, ratio, 0.031, 0.05, verdict, why);
    }

    private static Change change(
            Workload workload,
            String arm,
            Unit unit,
            double before,
            double ratio,
            double noise,
            double tolerance,
            Verdict verdict,
            String why) {
        double after = before * ratio;
        return new Change(
                workload,
                arm,
                arm,
                ratio > 1.1 ? Figure.MEDIAN : Figure.QUICK,
                unit,
                around(before * FLOOR_NS),
                around(1.5 * after * FLOOR_NS),
                around(before),
                around(after),
                around(ratio),
                noise,
                tolerance,
                verdict,
                Optional.ofNullable(why));
    }

    private static Interval around(double median) {
        return new Interval(median, 0.99 * median, 1.012 * median);
    }
}
