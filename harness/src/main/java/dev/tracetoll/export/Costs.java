package dev.tracetoll.export;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import java.util.List;

/** The arms of a run whose time is a cost: those that lost events trace less than they should, and must not look cheap elsewhere either. */
record Costs(Run run, List<Arm> arms, List<String> leftOut) {

    /** @throws BadInput if there are none */
    static Costs of(Run run) {
        List<Arm> arms = run.arms().stream().filter(arm -> !lossy(arm)).toList();
        if (arms.isEmpty()) {
            throw new BadInput(
                    "All arms of the run of " + run.started()
                            + " lost events, so none of their times is a cost; measure with a larger ring buffer or smaller bursts");
        }
        return new Costs(
                run,
                arms,
                run.arms().stream()
                        .filter(Costs::lossy)
                        .map(arm -> "left out of the run of " + run.started() + ": " + arm.name() + " on "
                                + arm.target() + ", which lost " + arm.lost() + " of " + arm.expected() + " events")
                        .toList());
    }

    /** What a peer lost is told beside its time; it is what the tool does. */
    private static boolean lossy(Arm arm) {
        return !arm.peer() && arm.lost() > 0;
    }
}
