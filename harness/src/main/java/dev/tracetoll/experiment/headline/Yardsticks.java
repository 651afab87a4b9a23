package dev.tracetoll.experiment.headline;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured beside the headline to show what the machine costs without any tracer, in words. */
final class Yardsticks {

    /** What a call is, by target. */
    private static final Map<String, String> CALLS = Map.of(
            "clock", "a reading of the clock",
            "getppid", "a bare system call",
            "nop", "a call of a 5-byte nop");

    /** What is done to a call, by technique. */
    private static final Map<String, String> DONE = Map.of("ebpf-empty", "an empty BPF program on it");

    private Yardsticks() {}

    /** In a line; empty if the run has none. */
    static Optional<String> inWords(Run run) {
        Comparisons bursts = new Comparisons(run.seed());
        List<String> words = new ArrayList<>();
        for (Workload workload : run.yardsticks()) {
            for (Arm arm : run.arms(workload)) {
                Optional<Comparison> added = run.comparisons().stream()
                        .filter(comparison -> comparison.workload().equals(workload)
                                && comparison.arm().equals(arm.name()))
                        .findFirst();
                if (arm.untraced()) {
                    words.add(CALLS.getOrDefault(workload.target(), "a call of the target " + workload.target()) + " "
                            + figure(bursts.burstNs(arm).dividedBy(workload.calls())));
                } else if (added.isPresent()) {
                    words.add(DONE.getOrDefault(arm.technique(), arm.technique()) + " +"
                            + figure(added.get().overheadPerCallNs()));
                }
            }
        }
        return words.isEmpty() ? Optional.empty() : Optional.of("yardsticks: " + String.join(", ", words));
    }

    private static String figure(Interval ns) {
        return HumanUnits.duration(ns.median()) + " (" + HumanUnits.durationRange(ns) + ")";
    }
}
