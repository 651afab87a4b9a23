package dev.tracetoll.bench;

import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import java.util.List;

/**
 * An arm to measure.
 *
 * @param name with the workload unique in the run; the technique's name, or for the second arm of the A/A pair another
 * @param technique how the target is traced
 * @param target name or path of the target
 * @param arguments command line of the target
 * @param calls calls of the probed function in one burst
 * @param placement on which CPUs
 * @param probedFunctions how many functions are probed, the one that is called among them
 * @param maxBytes how many bytes of each string are captured
 * @param effort how often a burst is repeated in a round
 */
public record ArmSpec(
        String name,
        String technique,
        String target,
        List<String> arguments,
        int calls,
        CpuPlacement placement,
        int probedFunctions,
        int maxBytes,
        Effort effort) {

    /** How many bytes of each string are captured unless that is what varies: as many as Delve shows unless told otherwise. */
    public static final int MAX_BYTES = 64;

    /** A target as it is, one function probed, on any CPU. */
    public static ArmSpec plain(String name, String technique, String target, int calls) {
        return plain(name, technique, target, calls, Effort.brief(facts(technique), calls));
    }

    /** The same, but nothing is compared with it. */
    public static ArmSpec yardstick(String technique, String target, int calls) {
        return plain(
                technique,
                technique,
                target,
                calls,
                Effort.brief(facts(technique), calls).ofYardstick());
    }

    private static ArmSpec plain(String name, String technique, String target, int calls, Effort effort) {
        return new ArmSpec(name, technique, target, List.of(), calls, CpuPlacement.UNPINNED, 1, MAX_BYTES, effort);
    }

    private static TechniqueFacts facts(String technique) {
        return Techniques.find(technique).orElseThrow().facts();
    }

    /** What all its bursts of a round roughly take, in ns. */
    double roughNs() {
        return effort.roughNs(facts(technique), calls);
    }

    boolean untraced() {
        return Techniques.find(technique).orElseThrow().untraced();
    }

    /**
     * Whether others feel that it is traced: a tracepoint of the kernel is passed by every process of the machine, and the kernel looks for each
     * probe hit among all probes that there are.
     */
    boolean machineWide() {
        return probedFunctions > 1 || Techniques.find(technique).orElseThrow().systemCalls();
    }
}
