package dev.tracetoll.compare;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an arm costs, as its own run says, with 95 % intervals.
 *
 * @param overheadPerCallNs what tracing adds to a call, in ns
 * @param ratio a burst, to an untraced one
 * @param floors the overhead, to that of the arm's floor; empty if it has none, or one that is too uncertain to divide by
 */
public record ArmFigures(Interval overheadPerCallNs, Interval ratio, Optional<Interval> floors) {

    /** Fewer than elsewhere: they are made of many runs at once. */
    private static final int RESAMPLES = 1_000;

    /**
     * What the floors of a technique add to a call, together, in ns; empty if it has none, or one was not measured.
     *
     * @param floor the techniques, see {@link dev.tracetoll.tracing.registry.TechniqueFacts#floor()}
     */
    public static OptionalDouble floorPerCallNs(Run run, Workload workload, List<String> floor) {
        List<Double> added = floor.stream()
                .flatMap(name -> run.comparison(workload, name, Arm.UNTRACED).stream())
                .map(comparison -> comparison.overheadPerCallNs().median())
                .toList();
        return floor.isEmpty() || added.size() < floor.size()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        added.stream().mapToDouble(Double::doubleValue).sum());
    }

    /** The figures of an arm; empty if nothing was traced in it, or nothing is there to compare it with. */
    public static Optional<ArmFigures> of(Run run, Arm arm) {
        return arm.untraced() ? Optional.empty() : MeasuredArm.find(run, arm).map(measured -> of(run, measured));
    }

    private static ArmFigures of(Run run, MeasuredArm measured) {
        Arm arm = measured.arm();
        Comparisons comparisons = new Comparisons(
                new HierarchicalBootstrap(run.seed(), RESAMPLES, HierarchicalBootstrap.DEFAULT_CONFIDENCE));
        Comparison comparison = run.comparison(arm.workload(), arm.name(), Arm.UNTRACED)
                .orElseGet(() -> comparisons.compare(arm, measured.untraced()));
        return new ArmFigures(
                comparison.overheadPerCallNs(),
                comparison.ratio(),
                measured.floor().isEmpty()
                        ? Optional.empty()
                        : comparisons.ratioToFloor(arm, measured.floor(), measured.untraced()));
    }
}
