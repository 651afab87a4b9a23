package dev.tracetoll.experiment.headline;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.RunCheck;
import java.util.List;
import java.util.Optional;

/** What a run must be like for later ones to be compared with it. */
final class BaselineFitness {

    private BaselineFitness() {}

    /** Why later runs must not be compared with this one, and what to do; empty if they may. */
    static Optional<String> unfitness(Run run) {
        return run.arms().stream()
                .filter(arm -> !arm.peer())
                .flatMap(arm -> unfitness(arm).stream())
                .findFirst()
                .or(() -> run.headlines().stream()
                        .flatMap(workload -> unfitness(run.arms(workload)).stream())
                        .findFirst());
    }

    private static Optional<String> unfitness(Arm arm) {
        String which = "arm \"" + arm.name() + "\" of target " + arm.target();
        if (!arm.valid()) {
            return Optional.of("it is invalid: " + which + " expected " + arm.expected() + " events, but " + arm.seen()
                    + " were seen and " + arm.lost()
                    + " counted as lost; measure again, and report it as a defect if it stays");
        }
        if (arm.lost() > 0) {
            return Optional.of(which + " lost " + arm.lost() + " of " + arm.expected()
                    + " events, so its time is that of an incomplete trace; measure again with fewer --calls");
        }
        return arm.bursts().rounds() >= RunCheck.FEWEST_ROUNDS
                ? Optional.empty()
                : Optional.of(
                        which + " has " + arm.bursts().rounds() + (arm.bursts().rounds() == 1 ? " round" : " rounds")
                                + " of at least " + RunCheck.FEWEST_ROUNDS
                                + ", so its figures are less certain than their intervals say; measure again with more --rounds");
    }

    private static Optional<String> unfitness(List<Arm> sameWorkload) {
        String target = "target " + sameWorkload.get(0).target();
        if (sameWorkload.stream().filter(Arm::untraced).count() < 2) {
            return Optional.of("it did not measure " + target
                    + " untraced twice, so nobody knows its noise; adopt a run of ./tracetoll bench");
        }
        return sameWorkload.stream().anyMatch(arm -> !arm.untraced() && !arm.peer())
                ? Optional.empty()
                : Optional.of("it did not trace " + target + "; measure with a --technique besides untraced");
    }
}
