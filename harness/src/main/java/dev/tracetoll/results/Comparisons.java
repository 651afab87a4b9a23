package dev.tracetoll.results;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the arms of a run with the untraced arm of the same workload; the second untraced arm of a workload, compared with the
 * first, is its noise floor.
 */
public final class Comparisons {

    private final HierarchicalBootstrap bootstrap;

    /** @param seed seed of the run: the same arms and seed give the same intervals */
    public Comparisons(long seed) {
        this(new HierarchicalBootstrap(seed));
    }

    /** @param bootstrap makes the intervals */
    public Comparisons(HierarchicalBootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * Every arm against the first untraced arm of its workload. An arm whose workload has no untraced arm is left out.
     *
     * @throws OperationFailed if two arms of one workload have different numbers of rounds
     */
    public List<Comparison> of(List<Arm> arms) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Arm arm : arms) {
            reference(arms, arm).filter(reference -> reference != arm)
                    .ifPresent(reference -> comparisons.add(compare(arm, reference)));
        }
        return List.copyOf(comparisons);
    }

    /** The median duration of an arm's bursts, in ns. */
    public Interval burstNs(Arm arm) {
        return bootstrap.median(arm.burstsNs());
    }

    private static Optional<Arm> reference(List<Arm> arms, Arm arm) {
        return arms.stream()
                .filter(other -> other.untraced() && other.workload().equals(arm.workload()))
                .findFirst();
    }

    private Comparison compare(Arm arm, Arm reference) {
        if (arm.rounds().size() != reference.rounds().size()) {
            throw new OperationFailed("cannot compare arm \"" + arm.name() + "\" of target " + arm.target() + " with \""
                    + reference.name() + "\": they have " + arm.rounds().size() + " and " + reference.rounds().size()
                    + " rounds, but rounds are compared in pairs; measure again");
        }
        double[][] bursts = arm.burstsNs();
        double[][] referenceBursts = reference.burstsNs();
        return new Comparison(arm.name(), arm.technique(), reference.name(), arm.target(), arm.function(), arm.calls(),
                bootstrap.difference(bursts, referenceBursts).dividedBy(arm.calls()),
                bootstrap.ratio(bursts, referenceBursts));
    }
}
