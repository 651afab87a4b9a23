package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.target.TargetProgram;
import dev.tracetoll.tracing.Technique;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a run measures: every technique on every target with every number of calls, an A/A pair for each workload, interleaved.
 *
 * @param techniques {@code untraced} is always among them, everything is compared with it
 * @param targets names or paths
 * @param calls calls in a burst
 * @param rounds how often all arms are visited
 * @param seed of the order
 */
public record Plan(List<Technique> techniques, List<String> targets, List<Integer> calls, int rounds, long seed) {

    /** The second untraced arm: what differs between it and the first is noise. */
    public static final String AGAIN = "untraced-again";

    /** A target takes no larger request. */
    private static final int MOST_CALLS = 1_000_000_000;

    /** @throws BadInput if the plan makes no sense, or a target cannot be traced */
    public Plan {
        List<Technique> all = new ArrayList<>(techniques);
        if (!all.contains(Technique.UNTRACED)) {
            all.add(0, Technique.UNTRACED);
        }
        techniques = all.stream().distinct().toList();
        targets = targets.stream().distinct().toList();
        calls = calls.stream().distinct().toList();
        for (int each : calls) {
            if (each < 1 || each > MOST_CALLS) {
                throw new BadInput("A burst of " + each + " calls measures nothing; choose --calls from 1 to " + MOST_CALLS);
            }
        }
        if (rounds < 1) {
            throw new BadInput("A run of " + rounds + " rounds measures nothing; choose --rounds from 1");
        }
        // Before the first round: a run must not fail after minutes for what could be known at once.
        targets.forEach(target -> TracedTarget.plan(TargetProgram.of(target)));
    }

    /** The arms, in the order in which results show them. */
    public List<ArmSpec> arms() {
        List<ArmSpec> arms = new ArrayList<>();
        for (String target : targets) {
            for (int each : calls) {
                for (Technique technique : techniques) {
                    arms.add(new ArmSpec(technique.name(), technique.name(), target, each));
                    if (technique.equals(Technique.UNTRACED)) {
                        arms.add(new ArmSpec(AGAIN, technique.name(), target, each));
                    }
                }
            }
        }
        return arms;
    }

    /** For each round a fresh random order of the arms. */
    public List<List<ArmSpec>> order() {
        Random random = new Random(seed);
        List<List<ArmSpec>> order = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<ArmSpec> arms = new ArrayList<>(arms());
            Collections.shuffle(arms, random);
            order.add(List.copyOf(arms));
        }
        return order;
    }
}
