package dev.tracetoll.results;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.LoadSample;
import dev.tracetoll.experiment.growth.GrowthAxis;
import dev.tracetoll.experiment.ladder.Claims;
import dev.tracetoll.experiment.ladder.LadderExperiment;
import dev.tracetoll.stats.Bursts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Runs with known properties, the same every time. */
public final class SampleRuns {

    public static final Instant STARTED = Instant.parse("2026-11-22T20:42:05Z");

    /** To compare the arms of one takes a while. */
    private static final Map<String, Run> MADE = new ConcurrentHashMap<>();

    private SampleRuns() {}

    /** Untraced, eBPF, ptrace and untraced again, many decades apart, nothing lost. */
    public static Run headline() {
        return MADE.computeIfAbsent("headline", any -> headlineMade());
    }

    private static Run headlineMade() {
        return run(List.of(
                arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                arm("ebpf", "ebpf", 683_000, new EventCounts(66_000, 66_000, 0)),
                arm("ptrace", "ptrace", 2_300_000_000.0, new EventCounts(66_000, 66_000, 0)),
                arm("untraced-again", Arm.UNTRACED, 23_700, EventCounts.NONE)));
    }

    /** An arm that lost events and one whose counts do not add up, both nearly as fast as untraced. */
    public static Run flawed() {
        return MADE.computeIfAbsent("flawed", any -> flawedMade());
    }

    private static Run flawedMade() {
        return run(List.of(
                arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                arm("ebpf", "ebpf", 26_700, new EventCounts(66_000, 65_988, 12)),
                arm("ptrace", "ptrace", 25_000, new EventCounts(66_000, 65_997, 0))));
    }

    /**
     * Peers at every level beside ours: one reported calls that never happened, one missed some and their returns, one is cheaper than ours,
     * and of one that cannot be said.
     */
    public static Run peers() {
        return MADE.computeIfAbsent("peers", any -> peersMade());
    }

    private static Run peersMade() {
        EventCounts ours = new EventCounts(66_000, 66_000, 0);
        EventCounts theirs = new EventCounts(70_000, 70_000, 0);
        return run(List.of(
                arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                arm("ebpf-count", "ebpf-count", 137_000, ours),
                arm("ebpf-arguments", "ebpf-arguments", 163_000, ours),
                arm("ebpf", "ebpf", 683_000, ours),
                arm("ptrace-arguments", "ptrace-arguments", 14_000_000, ours),
                arm("ptrace", "ptrace", 27_000_000, ours),
                peer("bpftrace", 4_100_000, new EventCounts(70_000, 70_038, 0), EventCounts.NONE),
                peer("perf", 120_000, theirs, EventCounts.NONE),
                peer("dlv-ebpf", 683_000, new EventCounts(70_000, 69_990, 10), new EventCounts(70_000, 69_988, 12)),
                peer("gdb", 90_000_000, theirs, EventCounts.NONE),
                peer("dlv", 1_100_000_000, theirs, theirs),
                arm("untraced-again", Arm.UNTRACED, 23_700, EventCounts.NONE)));
    }

    /** The same arm, which lost two events. */
    public static Arm lossy(Arm arm) {
        return arm(arm.name(), arm.technique(), 23_000, new EventCounts(66_000, 65_999, 1));
    }

    private static Arm peer(String technique, double medianNs, EventCounts calls, EventCounts returns) {
        Arm like = arm(technique, technique, "calls", CpuPlacement.UNPINNED, medianNs, calls, returns, List.of());
        return ArmDraft.of(technique, technique)
                .target("calls", like.function())
                .calls(like.calls())
                .returnsTraced(returns.expected() > 0)
                .goVersion(like.goVersion())
                .warmups(12)
                .bursts(like.bursts())
                .events(calls, returns)
                .cpuNs(like.targetCpuNs(), like.tracerCpuNs())
                .peakBytes(like.targetPeakBytes(), like.tracerPeakBytes())
                .functions(1)
                .threads(5)
                .peer(true)
                .arm();
    }

    /**
     * A ladder on one core and on two, without the rungs of system calls; one rung is missing, one lossy on two cores, one no dearer than the
     * one below. Of the bounds some are missed: those of many probed functions and of one peer.
     */
    public static Run ladder() {
        return MADE.computeIfAbsent("ladder", any -> ladderMade());
    }

    private static Run ladderMade() {
        List<Arm> arms = new ArrayList<>();
        for (CpuPlacement placement : List.of(CpuPlacement.ONE_CORE, CpuPlacement.TWO_CORES)) {
            double stop = placement == CpuPlacement.ONE_CORE ? 800_000 : 21_000_000;
            arms.add(rung("untraced", "text", placement, 18_000));
            arms.add(rung("untraced-again", "text", placement, 18_000));
            arms.add(rung("ebpf-unhit", "text", placement, 17_950));
            arms.add(rung("ebpf-empty", "text", placement, 18_000 + 110_000));
            arms.add(rung("ebpf-arguments", "text", placement, 18_000 + 160_000));
            arms.add(rung("ebpf-empty-returns", "text", placement, 18_000 + 4_100_000));
            arms.add(rung("ebpf", "text", placement, 18_000 + 4_210_000));
            arms.add(rung("ebpf-wakeup", "text", placement, 18_000 + 9_000_000));
            arms.add(rung("ebpf-value-records", "text", placement, 18_000 + 16_000_000));
            arms.add(rung("ptrace-floor", "text", placement, 18_000 + stop));
            arms.add(rung("ptrace-arguments", "text", placement, 18_000 + 1.5 * stop));
            arms.add(rung("ptrace", "text", placement, 18_000 + 3.2 * stop));
        }
        arms.add(rung("untraced", "clock", CpuPlacement.ONE_CORE, 5_800));
        arms.add(rung("untraced", "nop", CpuPlacement.ONE_CORE, 300));
        arms.add(rung("ebpf-empty", "nop", CpuPlacement.ONE_CORE, 49_000));
        arms.addAll(bounded());
        List<Comparison> all = new LadderExperiment().comparisons(arms, 7);
        return new Run(
                Run.SCHEMA_VERSION,
                new Build("0.1.0", "0123abc"),
                STARTED,
                environment(),
                "ladder",
                List.of("./tracetoll", "bench", "--ladder"),
                7,
                0L,
                Stopped.ROUNDS_DONE,
                arms,
                all,
                List.of());
    }

    private static List<Arm> bounded() {
        List<Arm> arms = new ArrayList<>();
        List<String> one = GrowthAxis.THREADS.arguments(1);
        List<String> two = GrowthAxis.THREADS.arguments(2);
        arms.add(bounded("untraced", "goroutines", 20_000, one, 0));
        arms.add(bounded("ebpf-arguments", "goroutines", 160_000, one, 1));
        arms.add(bounded("untraced", "goroutines", 10_500, two, 0));
        arms.add(bounded("ebpf-arguments", "goroutines", 84_500, two, 1));
        arms.add(bounded("ebpf-empty", "goroutines", 132_000, one, 1));
        arms.add(bounded("ebpf-empty", "goroutines", 69_400, two, 1));
        arms.add(bounded("inline", "goroutines", 35_000, one, 1));
        arms.add(bounded("inline", "goroutines", 20_300, two, 1));
        arms.add(bounded("source-floor-returns", "goroutines", 33_000, one, 1));
        arms.add(bounded("source-floor-returns", "goroutines", 19_000, two, 1));
        arms.add(bounded("untraced", "many", 18_000, List.of(), 0));
        arms.add(bounded("ebpf-empty-of-1", "many", 130_000, List.of(), 1));
        arms.add(bounded("ebpf-empty-of-10000", "many", 137_000, List.of(), 10_000));
        arms.add(bounded("ebpf-arguments-of-1", "many", 158_000, List.of(), 1));
        arms.add(bounded("ebpf-arguments-of-10000", "many", 170_000, List.of(), 10_000));
        arms.add(bounded("untraced", "silent", 18_000, List.of(), 0));
        arms.add(bounded("ebpf-arguments", "silent", 158_000, List.of(), 1));
        arms.add(bounded("ptrace-arguments", "silent", 1_900_000, List.of(), 1));
        arms.add(bounded("bpftrace", "silent", 4_018_000, List.of(), 1));
        arms.add(bounded("dlv-ebpf", "silent", 12_018_000, List.of(), 1));
        arms.add(bounded("dlv", "silent", 1_000_000_000, List.of(), 1));
        EventCounts all = new EventCounts(40_000_000, 40_000_000, 0);
        arms.add(ArmDraft.of(Claims.SUSTAINED, Claims.EVENT)
                .target("text", "main.work")
                .calls(40_000_000)
                .bursts(Bursts.ofRound(32_400_000_000L))
                .events(all)
                .cpuNs(33_000_000_000L, 9_360_000_000L)
                .peakBytes(12L << 20, 150L << 20)
                .functions(1)
                .threads(5)
                .ringBytes(8L << 20)
                .arm());
        return arms;
    }

    private static Arm bounded(String name, String target, double medianNs, List<String> arguments, int functions) {
        boolean peer = List.of("bpftrace", "dlv-ebpf", "dlv").contains(name);
        String technique = name.replaceFirst("-of-.*", "");
        EventCounts events = functions > 0 && !technique.equals(Claims.FLOOR)
                ? new EventCounts(13_200, 13_200, 0)
                : EventCounts.NONE;
        Arm like = arm(name, technique, target, CpuPlacement.UNPINNED, medianNs, events, EventCounts.NONE, List.of());
        return ArmDraft.of(name, technique)
                .target(target, like.function())
                .calls(like.calls())
                .goVersion(like.goVersion())
                .warmups(12)
                .bursts(like.bursts())
                .events(events)
                .cpuNs(like.targetCpuNs(), like.tracerCpuNs())
                .peakBytes(like.targetPeakBytes(), like.tracerPeakBytes())
                .arguments(arguments)
                .functions(functions)
                .threads(5)
                .peer(peer)
                .arm();
    }

    /** A server under a load: a third of the requests are left under eBPF, and under ptrace events were lost. */
    public static Run program() {
        return MADE.computeIfAbsent("program", any -> programMade());
    }

    private static Run programMade() {
        List<Arm> arms = List.of(
                ofProgram("untraced", "untraced", 1.00, EventCounts.NONE),
                ofProgram("untraced-again", "untraced", 1.01, EventCounts.NONE),
                ofProgram("ebpf-count", "ebpf-count", 1.02, new EventCounts(6_000, 6_000, 0)),
                ofProgram("inline", "inline", 1.03, new EventCounts(6_000, 6_000, 0)),
                ofProgram("ebpf", "ebpf", 4.2, new EventCounts(6_000, 6_000, 0)),
                ofProgram("ptrace", "ptrace", 11.4, new EventCounts(6_000, 5_990, 10)));
        return new Run(
                Run.SCHEMA_VERSION,
                new Build("0.1.0", "0123abc"),
                STARTED,
                environment(),
                "program",
                List.of("./tracetoll", "bench", "-f", "main.answer", "--load", "load", "--", "serve"),
                7,
                300_000_000_000L,
                Stopped.ROUNDS_DONE,
                arms,
                List.of(),
                List.of(new Warning("the output differs", "compare both")));
    }

    private static Arm ofProgram(String name, String technique, double factor, EventCounts events) {
        List<Bursts> rounds = new ArrayList<>();
        List<List<Double>> requests = new ArrayList<>();
        List<List<Double>> cpu = new ArrayList<>();
        List<List<Double>> memory = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            double noise = 1 + (round - 2.5) / 100;
            rounds.add(Bursts.ofRound(Math.round(2e9 * noise)));
            requests.add(List.of(16_042 * noise / factor));
            cpu.add(List.of(1.5e9 * noise * factor));
            memory.add(List.of(12.0 * (1 << 20) + round * 4096));
        }
        return ArmDraft.of(name, technique)
                .target("serve", "main.answer")
                .calls(1_000)
                .goVersion("go1.26.1")
                .warmups(1)
                .bursts(Bursts.joined(rounds))
                .events(events)
                .cpuNs(9_000_000_000L, technique.equals("untraced") ? 0 : 600_000_000L)
                .functions(technique.equals("untraced") ? 0 : 1)
                .signatures(
                        technique.equals("untraced")
                                ? List.of()
                                : List.of("main.answer(w http.ResponseWriter, r *http.Request)"))
                .metrics(
                        new Metric("CPU time", Metric.NANOSECONDS, false, cpu),
                        new Metric("peak memory", Metric.BYTES, false, memory),
                        new Metric("requests", "requests/s", true, requests))
                .arm();
    }

    /** Two axes of growth: 3 µs a burst and 900 ns a call; 800 ns a call and a tenth of a ns for each byte. The largest burst lost events. */
    public static Run growth() {
        return MADE.computeIfAbsent("growth", any -> growthMade());
    }

    private static Run growthMade() {
        List<Arm> arms = new ArrayList<>();
        for (int calls : List.of(1, 10, 100, 1_000)) {
            long lost = calls == 1_000 ? 7 : 0;
            arms.add(grown("untraced", calls, List.of(), 100 * calls, EventCounts.NONE));
            arms.add(grown("ebpf-arguments", calls, List.of(), 3_000 + 1_000 * calls, new EventCounts(660, 660, 0)));
            arms.add(grown("ebpf", calls, List.of(), 9_000 + 21_000 * calls, new EventCounts(660, 660 - lost, lost)));
        }
        for (int bytes : List.of(0, 16, 256, 4_096)) {
            List<String> arguments = GrowthAxis.BYTES.arguments(bytes);
            arms.add(grown("untraced", 1_000, arguments, 100_000, EventCounts.NONE));
            arms.add(grown("ebpf-arguments", 1_000, arguments, 900_000 + 100 * bytes, new EventCounts(660, 660, 0)));
        }
        return new Run(
                Run.SCHEMA_VERSION,
                new Build("0.1.0", "0123abc"),
                STARTED,
                environment(),
                "growth",
                List.of("./tracetoll", "bench", "--growth"),
                7,
                0L,
                Stopped.ROUNDS_DONE,
                arms,
                new Comparisons(7).of(arms),
                List.of());
    }

    private static Arm grown(String technique, int calls, List<String> arguments, double medianNs, EventCounts events) {
        Arm like =
                arm(technique, technique, "text", CpuPlacement.UNPINNED, medianNs, events, EventCounts.NONE, List.of());
        return ArmDraft.of(technique, technique)
                .target("text", like.function())
                .calls(calls)
                .goVersion(like.goVersion())
                .warmups(12)
                .bursts(like.bursts())
                .events(events)
                .cpuNs(like.targetCpuNs(), like.tracerCpuNs())
                .peakBytes(like.targetPeakBytes(), like.tracerPeakBytes())
                .arguments(arguments)
                .functions(like.probedFunctions())
                .threads(5)
                .signatures(technique.equals(Arm.UNTRACED) ? List.of() : List.of("main.probed(n int, s string) int"))
                .arm();
    }

    private static Arm rung(String name, String target, CpuPlacement placement, double medianNs) {
        String technique = name.equals("untraced-again") ? Arm.UNTRACED : name;
        boolean events = List.of(
                        "ebpf-arguments", "ebpf", "ebpf-wakeup", "ebpf-value-records", "ptrace", "ptrace-arguments")
                .contains(name);
        long lost = name.equals("ebpf-wakeup") && placement == CpuPlacement.TWO_CORES ? 12 : 0;
        boolean returns = List.of("ebpf-empty-returns", "ebpf", "ebpf-wakeup", "ebpf-value-records", "ptrace")
                .contains(name);
        List<Site> sites = new ArrayList<>();
        if (!technique.equals(Arm.UNTRACED)) {
            sites.add(
                    target.equals("nop")
                            ? new Site("entry", "nop", "optimized")
                            : new Site("entry", "push rbp", "emulated"));
        }
        if (returns) {
            sites.add(new Site("return", "ret", "stepped"));
        }
        EventCounts counts = events ? new EventCounts(13_200, 13_200 - lost, lost) : EventCounts.NONE;
        return arm(name, technique, target, placement, medianNs, counts, returns ? counts : EventCounts.NONE, sites);
    }

    public static Run run(List<Arm> arms) {
        return run(arms, new Comparisons(7).of(arms));
    }

    /** The same without the comparisons of its arms, which take a while: nobody looks at them who compares it with another run. */
    public static Run uncompared(List<Arm> arms) {
        return run(arms, List.of());
    }

    private static Run run(List<Arm> arms, List<Comparison> comparisons) {
        return new Run(
                Run.SCHEMA_VERSION,
                new Build("0.1.0", "0123abc"),
                STARTED,
                environment(),
                "headline",
                List.of("tracetoll", "bench", "--seed", "7"),
                7,
                0L,
                Stopped.ROUNDS_DONE,
                arms,
                comparisons,
                List.of());
    }

    /** All that a plain run measures: techniques and floors, A/A pairs, yardsticks. */
    public static Run whole() {
        return MADE.computeIfAbsent("whole", any -> wholeMade());
    }

    private static Run wholeMade() {
        EventCounts events = new EventCounts(66_000, 66_000, 0);
        return run(List.of(
                arm("untraced", Arm.UNTRACED, 18_000, EventCounts.NONE),
                arm("untraced-again", Arm.UNTRACED, 18_000, EventCounts.NONE),
                arm("ebpf-empty", "ebpf-empty", 128_000, EventCounts.NONE),
                arm("ebpf-arguments", "ebpf-arguments", 156_000, events),
                arm("ebpf-empty-returns", "ebpf-empty-returns", 3_900_000, EventCounts.NONE),
                arm("ebpf", "ebpf", 4_000_000, events),
                arm("ebpf-again", "ebpf", 4_000_000, events),
                arm("ptrace-floor", "ptrace-floor", 860_000, events),
                arm("ptrace", "ptrace", 3_300_000, events),
                arm("ptrace-again", "ptrace", 3_300_000, events),
                arm("ptrace-classic", "ptrace-classic", 24_500_000, events),
                yardstick("untraced", "clock", 5_800),
                yardstick("untraced", "getppid", 21_000),
                yardstick("untraced", "nop", 280),
                yardstick("ebpf-empty", "nop", 48_800)));
    }

    private static Arm yardstick(String technique, String target, double medianNs) {
        return arm(
                technique,
                technique,
                target,
                CpuPlacement.UNPINNED,
                medianNs,
                EventCounts.NONE,
                EventCounts.NONE,
                List.of());
    }

    public static Arm arm(String name, String technique, double medianNs, EventCounts events) {
        return arm(name, technique, "calls", CpuPlacement.UNPINNED, medianNs, events, events, List.of());
    }

    private static Arm arm(
            String name,
            String technique,
            String target,
            CpuPlacement placement,
            double medianNs,
            EventCounts calls,
            EventCounts returns,
            List<Site> sites) {
        Random random = new Random(name.hashCode());
        List<List<Long>> rounds = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            rounds.add(random.doubles(11)
                    .mapToObj(ignored -> Math.round(medianNs * Math.exp(0.02 * random.nextGaussian())))
                    .toList());
        }
        boolean traced = !technique.equals(Arm.UNTRACED);
        return ArmDraft.of(name, technique)
                .target(target, "main.work")
                .returnsTraced(traced)
                .warmups(12)
                .bursts(rounds)
                .events(calls, returns)
                .cpuNs(123_000_000, traced ? 988_000_000 : 0)
                .peakBytes(12L << 20, traced ? 150L << 20 : 0)
                .placement(placement)
                .functions(traced ? 1 : 0)
                .threads(5)
                .sites(sites)
                .arm();
    }

    public static Environment environment() {
        TreeMap<String, String> mitigations = new TreeMap<>();
        mitigations.put("meltdown", "Not affected");
        mitigations.put("spectre_v2", "Mitigation: Enhanced IBRS");
        TreeMap<String, String> tools = new TreeMap<>();
        tools.put("clang", "clang version 14.0.6");
        return new Environment(
                "Debian GNU/Linux 12 (bookworm)",
                "6.18.1-amd64",
                "#1 SMP",
                "amd64",
                "Example CPU",
                2,
                "KVM",
                "none",
                "tsc",
                mitigations,
                List.of("mitigations=auto"),
                8L << 30,
                "go1.26.1",
                "OpenJDK 17",
                tools,
                new LoadSample(0.1, 0, 0, 0L, 0L, 0L),
                new LoadSample(0.9, 1_000_000, 1_000_000_000, 600_000_000L, 590_000_000L, 0L));
    }
}
