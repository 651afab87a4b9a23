package dev.tracetoll.results;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Runs with known properties, the same every time. */
public final class SampleRuns {

    public static final Instant STARTED = Instant.parse("2026-11-22T20:42:05Z");

    private SampleRuns() {}

    /** Untraced, eBPF, ptrace and untraced again, many decades apart, nothing lost. */
    public static Run headline() {
        return run(List.of(
                arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                arm("ebpf", "ebpf", 683_000, new EventCounts(66_000, 66_000, 0)),
                arm("ptrace", "ptrace", 2_300_000_000.0, new EventCounts(66_000, 66_000, 0)),
                arm("untraced-again", Arm.UNTRACED, 23_700, EventCounts.NONE)));
    }

    /** An arm that lost events and one whose counts do not add up, both nearly as fast as untraced. */
    public static Run flawed() {
        return run(List.of(
                arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                arm("ebpf", "ebpf", 26_700, new EventCounts(66_000, 65_988, 12)),
                arm("ptrace", "ptrace", 25_000, new EventCounts(66_000, 65_997, 0))));
    }

    public static Run run(List<Arm> arms) {
        return new Run(Run.SCHEMA_VERSION, new Build("0.1.0", "0123abc"), STARTED, environment(), Experiment.HEADLINE, List.of("tracetoll", "bench", "--seed", "7"),
                7, arms, new Comparisons(7).of(arms), List.of());
    }

    public static Arm arm(String name, String technique, double medianNs, EventCounts events) {
        Random random = new Random(name.hashCode());
        List<List<Long>> rounds = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            rounds.add(random.doubles(11).mapToObj(ignored -> Math.round(medianNs * Math.exp(0.02 * random.nextGaussian()))).toList());
        }
        boolean traced = !technique.equals(Arm.UNTRACED);
        return new Arm(name, technique, "calls", "main.work", 200, traced, "go1.26.1", 12, rounds, events, events,
                123_000_000, traced ? 988_000_000 : 0, 12L << 20, traced ? 150L << 20 : 0, Placement.UNPINNED, List.of(), traced ? 1 : 0, 5, List.of());
    }

    public static Environment environment() {
        TreeMap<String, String> mitigations = new TreeMap<>();
        mitigations.put("meltdown", "Not affected");
        mitigations.put("spectre_v2", "Mitigation: Enhanced IBRS");
        TreeMap<String, String> tools = new TreeMap<>();
        tools.put("clang", "clang version 14.0.6");
        return new Environment("Debian GNU/Linux 12 (bookworm)", "6.18.1-amd64", "#1 SMP", "amd64", "Example CPU", 2, "KVM", "none", "tsc",
                mitigations, List.of("mitigations=auto"), 8L << 30, "go1.26.1", "OpenJDK 17", tools,
                new LoadSample(0.1, 0, 0), new LoadSample(0.9, 1_000_000, 1_000_000_000));
    }
}
