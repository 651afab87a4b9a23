package dev.tracetoll.bench;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.PeerTool;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a run measures.
 *
 * @param arms in the order in which results show them
 * @param stopping how often all arms are visited
 * @param seed of the order
 * @param ring what somebody chose of the ring buffers of those that have one
 */
public record Plan(List<ArmSpec> arms, Stopping stopping, long seed, RingChoice ring) {

    /** The second untraced arm: what differs between it and the first is noise. */
    public static final String AGAIN = Arm.UNTRACED + Arm.AGAIN;

    /** A target takes no larger request. */
    public static final int MOST_CALLS = 1_000_000_000;

    /** Rough figures are of a virtual machine; bare metal takes less. */
    private static final double FAST_SHARE = 0.5;

    /** @throws BadInput if the plan makes no sense, or a target cannot be traced */
    public Plan {
        arms = List.copyOf(arms);
        // Before the first round: a run must not fail after minutes for what could be known at once.
        arms.stream()
                .filter(arm -> !arm.untraced())
                .map(arm -> new Probed(arm.technique(), arm.target(), arm.probedFunctions()))
                .distinct()
                .forEach(Probed::check);
    }

    /** A plan with ring buffers as they are by default. */
    public Plan(List<ArmSpec> arms, Stopping stopping, long seed) {
        this(arms, stopping, seed, RingChoice.NONE);
    }

    /** A plan of so many rounds. */
    public Plan(List<ArmSpec> arms, int rounds, long seed) {
        this(arms, Stopping.rounds(rounds), seed);
    }

    /**
     * The same plan with other ring buffers.
     *
     * @throws BadInput if something is chosen of them, and nothing has one
     */
    public Plan ring(RingChoice choice) {
        if (choice.choosesAnything()
                && arms.stream().allMatch(arm -> Techniques.ringBytes(arm.technique(), choice) == 0)) {
            throw new BadInput("None of the techniques "
                    + arms.stream().map(ArmSpec::technique).distinct().collect(Collectors.joining(", "))
                    + " has a ring buffer to choose anything of; add --technique ebpf-arguments, or leave out --ring-size, --wakeup, "
                    + "--drain-interval and --tuning");
        }
        return new Plan(arms, stopping, seed, choice);
    }

    /** The same plan with another end. */
    public Plan stopping(Stopping other) {
        return new Plan(arms, other, seed, ring);
    }

    private record Probed(String technique, String target, int functions) {

        void check() {
            Techniques.Entry entry = Techniques.find(technique).orElseThrow();
            entry.requireFit(TargetProgram.of(target));
            TargetPlans.of(entry, TargetProgram.of(target), new Probing(functions, ArmSpec.MAX_BYTES));
        }
    }

    /** The other tools that it measures. */
    public Set<PeerTool> peerTools() {
        return arms.stream()
                .flatMap(arm -> Techniques.find(arm.technique()).flatMap(Techniques.Entry::peer).stream())
                .map(Peer::tool)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(PeerTool.class)));
    }

    /**
     * Refuses a budget that not even one round fits into, before anything is measured.
     *
     * @param rounds how many it must be at least
     * @param orElse what else makes it fit
     * @throws BadInput which names the least budget
     */
    public void requireTime(int rounds, String orElse) {
        long leastNs = Stopping.withAfterwardsNs(rounds * leastRoundNs());
        stopping.budget().filter(budget -> budget.toNanos() < leastNs).ifPresent(budget -> {
            throw new BadInput("--budget " + Seconds.of(budget.toNanos()) + " is too short: "
                    + (rounds == 1 ? "one round" : rounds + " rounds") + " of "
                    + arms.size() + " arms and the report take " + Seconds.of(leastNs) + " at least; choose --budget "
                    + Seconds.of(leastNs)
                    + " or more, or " + orElse);
        });
    }

    /** What a round takes on a fast and quiet machine, so that only what is impossible is refused. */
    private long leastRoundNs() {
        return RoundMain.leastNs(arms) + (long) (roughRoundNs() * FAST_SHARE);
    }

    /** What the bursts of a round roughly take, in ns; for a ratio of two plans. */
    public double roughRoundNs() {
        return arms.stream().mapToDouble(ArmSpec::roughNs).sum();
    }

    /**
     * Refuses what cannot be measured.
     *
     * @throws BadInput unless a burst can have so many calls
     */
    public static void requireCalls(int calls) {
        if (calls < 1 || calls > MOST_CALLS) {
            throw new BadInput(
                    "A burst of " + calls + " calls measures nothing; choose --calls from 1 to " + MOST_CALLS);
        }
    }

    /** The rounds, without end: of each a fresh random order of the arms that it visits, and the seed of the order of their turns. */
    public Stream<Round> rounds() {
        Random random = new Random(seed);
        return IntStream.iterate(0, done -> done + 1).mapToObj(done -> {
            List<ArmSpec> shuffled = new ArrayList<>(arms);
            Collections.shuffle(shuffled, random);
            return new Round(
                    random.nextLong(),
                    shuffled.stream()
                            .filter(arm -> arm.effort().mostRounds() > done)
                            .toList(),
                    ring);
        });
    }
}
