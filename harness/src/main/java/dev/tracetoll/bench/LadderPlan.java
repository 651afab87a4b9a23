package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Experiment;
import dev.tracetoll.results.Ladder;
import dev.tracetoll.results.Placement;
import dev.tracetoll.results.Rung;
import dev.tracetoll.target.TargetProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Plans the measuring of the {@link Ladder}: every rung of which there is a technique and a target, on one core and on two. */
public final class LadderPlan {

    private LadderPlan() {}

    /**
     * The plan.
     *
     * @param techniques those wanted, {@code untraced} besides; all if empty
     * @param calls calls in a burst
     * @throws BadInput if a technique is wanted that is on no rung
     */
    public static Plan of(Set<String> techniques, int calls, int rounds, long seed) {
        Plan.requireCalls(calls);
        for (String technique : techniques) {
            if (Ladder.rungs().stream().noneMatch(rung -> rung.technique().equals(technique))) {
                throw new BadInput("The ladder has no rung " + technique + "; there are "
                        + String.join(", ", Ladder.rungs().stream().map(Rung::technique).distinct().toList()));
            }
        }
        List<ArmSpec> arms = new ArrayList<>();
        for (Placement placement : Cores.pinned()) {
            for (Rung rung : Ladder.rungs()) {
                boolean known = Techniques.find(rung.technique()).isPresent() && TargetProgram.exists(rung.target());
                // What nobody traces is the same wherever the tracer is not.
                boolean said = placement != Placement.ONE_CORE && rung.standsAlone();
                if (!known || said) {
                    continue;
                }
                if (rung.untraced() || techniques.isEmpty() || techniques.contains(rung.technique())) {
                    arms.add(arm(rung.technique(), rung, calls, placement));
                }
                if (rung.untraced() && rung.group() != Rung.Group.YARDSTICKS) {
                    arms.add(arm(Plan.AGAIN, rung, calls, placement));
                }
            }
        }
        return new Plan(Experiment.LADDER, arms, rounds, seed);
    }

    /** Whether this machine can measure on two cores. */
    public static boolean onTwoCores() {
        return Cores.pinned().contains(Placement.TWO_CORES);
    }

    private static ArmSpec arm(String name, Rung rung, int calls, Placement placement) {
        return new ArmSpec(name, rung.technique(), rung.target(), List.of(), calls, placement, 1, TracedTarget.MAX_BYTES,
                Effort.brief(Techniques.find(rung.technique()).orElseThrow(), calls));
    }
}
