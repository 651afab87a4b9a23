package dev.tracetoll.results;

import dev.tracetoll.schema.Required;
import dev.tracetoll.stats.Interval;
import java.util.List;

/**
 * One arm against another of the same run and the same workload.
 *
 * @param arm name of the arm
 * @param technique technique of the arm
 * @param against name of the arm it is compared with
 * @param target name of the Go program under test
 * @param function linker symbol of the probed function
 * @param calls calls of the probed function in one burst
 * @param placement on which CPUs both ran
 * @param arguments command line of the target
 * @param overheadPerCallNs difference of the two arms' median bursts, divided by {@code calls}, in ns
 * @param ratio quotient of the two arms' median bursts
 */
public record Comparison(
        String arm,
        String technique,
        String against,
        String target,
        String function,
        int calls,
        CpuPlacement placement,
        List<String> arguments,
        Interval overheadPerCallNs,
        Interval ratio) {

    public Comparison {
        Required.text(arm, "arm");
        Required.text(technique, "technique");
        Required.text(against, "against");
        Required.text(target, "target");
        Required.text(function, "function");
        Required.field(placement, "placement");
        arguments = List.copyOf(Required.field(arguments, "arguments"));
        Required.field(overheadPerCallNs, "overheadPerCallNs");
        Required.field(ratio, "ratio");
    }

    /** What both arms measured. */
    public Workload workload() {
        return new Workload(target, arguments, function, calls, placement);
    }

    /** Whether both arms are the same, an A/A pair, so that what they differ by is the noise floor of the run. */
    public boolean noiseFloor() {
        return arm.endsWith(Arm.AGAIN);
    }

    /** Whether nothing was traced in either arm. */
    public boolean untraced() {
        return technique.equals(Arm.UNTRACED);
    }
}
