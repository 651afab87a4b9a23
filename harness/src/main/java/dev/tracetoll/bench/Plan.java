package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Experiment;
import dev.tracetoll.target.TargetProgram;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.PeerTool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a run measures.
 *
 * @param experiment the question it asks
 * @param arms in the order in which results show them
 * @param rounds how often all arms are visited
 * @param seed of the order
 */
public record Plan(Experiment experiment, List<ArmSpec> arms, int rounds, long seed) {

    /** The second untraced arm: what differs between it and the first is noise. */
    public static final String AGAIN = Arm.UNTRACED + Arm.AGAIN;

    /** A target takes no larger request. */
    static final int MOST_CALLS = 1_000_000_000;

    /** @throws BadInput if the plan makes no sense, or a target cannot be traced */
    public Plan {
        arms = List.copyOf(arms);
        if (rounds < 1) {
            throw new BadInput("A run of " + rounds + " rounds measures nothing; choose --rounds from 1");
        }
        // Before the first round: a run must not fail after minutes for what could be known at once.
        arms.stream().filter(arm -> !arm.untraced()).map(arm -> new Probed(arm.technique(), arm.target(), arm.probedFunctions())).distinct()
                .forEach(Probed::check);
    }

    private record Probed(String technique, String target, int functions) {

        void check() {
            Techniques.Entry entry = Techniques.find(technique).orElseThrow();
            entry.requireFit(TargetProgram.of(target));
            TracedTarget.plan(entry, TargetProgram.of(target), new TracedTarget.Probes(functions, TracedTarget.MAX_BYTES));
        }
    }

    /**
     * The headline: every technique on every target with every number of calls, an A/A pair for each workload.
     *
     * @param techniques of each target; {@code untraced} is always among them, everything is compared with it; if empty, those that suit it
     * @param targets names or paths
     * @param calls calls in a burst
     */
    public static Plan headline(Function<String, List<Technique>> techniques, List<String> targets, List<Integer> calls, int rounds, long seed) {
        List<ArmSpec> arms = new ArrayList<>();
        for (String target : targets.stream().distinct().toList()) {
            List<Technique> chosen = techniques.apply(target);
            List<Technique> all = new ArrayList<>(chosen.isEmpty() ? Techniques.headline(target) : chosen);
            if (!all.contains(Technique.UNTRACED)) {
                all.add(0, Technique.UNTRACED);
            }
            for (int each : calls.stream().distinct().toList()) {
                requireCalls(each);
                for (Technique technique : all.stream().distinct().toList()) {
                    arms.add(ArmSpec.plain(technique.name(), technique.name(), target, each));
                    if (technique.equals(Technique.UNTRACED)) {
                        arms.add(ArmSpec.plain(AGAIN, technique.name(), target, each));
                    }
                }
            }
        }
        return new Plan(Experiment.HEADLINE, arms, rounds, seed);
    }

    /** The other tools that it measures. */
    public Set<PeerTool> peerTools() {
        return arms.stream().flatMap(arm -> Techniques.find(arm.technique()).flatMap(Techniques.Entry::peer).stream()).map(Peer::tool)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(PeerTool.class)));
    }

    static void requireCalls(int calls) {
        if (calls < 1 || calls > MOST_CALLS) {
            throw new BadInput("A burst of " + calls + " calls measures nothing; choose --calls from 1 to " + MOST_CALLS);
        }
    }

    /** For each round a fresh random order of the arms that it visits. */
    public List<List<ArmSpec>> order() {
        Random random = new Random(seed);
        List<List<ArmSpec>> order = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<ArmSpec> shuffled = new ArrayList<>(arms);
            Collections.shuffle(shuffled, random);
            int done = round;
            order.add(shuffled.stream().filter(arm -> arm.effort().mostRounds() > done).toList());
        }
        return order;
    }
}
