package dev.tracetoll.experiment.ladder;

import dev.tracetoll.bench.ArmSpec;
import dev.tracetoll.bench.Cores;
import dev.tracetoll.bench.Effort;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.experiment.growth.GrowthAxis;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Plans the measuring of the {@link Ladder}: every rung of which there is a technique and a target, on one core and on two; and of what else
 * its {@link Claims} are about.
 */
final class LadderPlan {

    /**
     * So many calls that several threads run at the same time for most of a burst, and so few that the tracer reads events during few of the bursts
     * of a request, which the median does not show: where threads keep every CPU busy, what reads them takes its time from theirs, and that is not
     * what a call costs.
     */
    private static final int CALLS_OF_THREADS = 3_000;
    /**
     * Several bursts before those that count: when a Go program begins to work, a thread of its runtime looks after the others every 20 µs and a
     * little later, and seldom only after 50 times, some milliseconds. With a thread on every CPU it takes its time from them.
     */
    private static final Effort EFFORT_OF_THREADS = new Effort(4, 1, 20, 6, 6, Effort.EACH_ROUND);
    /** The same of jumps, whose events come ten times as fast: what a request leaves is half of a processor's ring at most. */
    private static final int CALLS_OF_JUMPS = 1_000;

    private static final Effort EFFORT_OF_JUMPS = new Effort(4, 1, 60, 4, 4, Effort.EACH_ROUND);
    /** A burst that lasts half a minute, where a call costs half a microsecond, has so many times as many calls as one of the rungs. */
    private static final int SUSTAINED_FACTOR = 300_000;

    private final Set<String> techniques;
    private final int calls;
    private final List<ArmSpec> arms = new ArrayList<>();

    private LadderPlan(Set<String> techniques, int calls) {
        this.techniques = techniques;
        this.calls = calls;
    }

    /**
     * The plan.
     *
     * @param techniques those wanted, {@code untraced} besides; all if empty
     * @param peers those of the {@linkplain Claims#PEERS peers that there are bounds for} that are to be measured
     * @param calls calls in a burst
     * @throws BadInput if a technique is wanted that is on no rung
     */
    public static Plan of(Set<String> techniques, List<Technique> peers, int calls, int rounds, long seed) {
        Plan.requireCalls(calls);
        for (String technique : techniques) {
            if (Ladder.rungs().stream().noneMatch(rung -> rung.technique().equals(technique))) {
                throw new BadInput("The ladder has no rung " + technique + "; there are "
                        + String.join(
                                ", ",
                                Ladder.rungs().stream()
                                        .map(Rung::technique)
                                        .distinct()
                                        .toList()));
            }
        }
        LadderPlan plan = new LadderPlan(techniques, calls);
        plan.addRungs();
        plan.addThreads();
        if (plan.wanted(Claims.EVENT)) {
            plan.addFunctions();
            plan.arms.add(new ArmSpec(
                    Claims.SUSTAINED,
                    Claims.EVENT,
                    Claims.TARGET,
                    List.of(),
                    (int) Math.min(Plan.MOST_CALLS, (long) SUSTAINED_FACTOR * calls),
                    CpuPlacement.UNPINNED,
                    1,
                    ArmSpec.MAX_BYTES,
                    Effort.ONCE));
        }
        plan.addPeers(peers);
        return new Plan(plan.arms, rounds, seed);
    }

    private boolean wanted(String technique) {
        return techniques.isEmpty() || techniques.contains(technique);
    }

    private void addThreads() {
        if (wanted(Claims.EVENT)) {
            addThreads(
                    List.of(Technique.UNTRACED.name(), Claims.FLOOR, Claims.EVENT),
                    CALLS_OF_THREADS,
                    EFFORT_OF_THREADS);
        }
        if (wanted(Claims.JUMPS)) {
            addThreads(
                    List.of(Technique.UNTRACED.name(), Claims.FLOOR_OF_JUMPS, Claims.JUMPS),
                    CALLS_OF_JUMPS,
                    EFFORT_OF_JUMPS);
        }
    }

    private void addThreads(List<String> measured, int burstCalls, Effort effort) {
        for (int threads : Claims.THREADS) {
            for (String technique : measured) {
                arms.add(new ArmSpec(
                        technique,
                        technique,
                        GrowthAxis.THREADS.target(),
                        GrowthAxis.THREADS.arguments(threads),
                        burstCalls,
                        CpuPlacement.UNPINNED,
                        1,
                        ArmSpec.MAX_BYTES,
                        effort));
            }
        }
    }

    private void addFunctions() {
        String target = GrowthAxis.FUNCTIONS.target();
        arms.add(new ArmSpec(
                Technique.UNTRACED.name(),
                Technique.UNTRACED.name(),
                target,
                List.of(),
                calls,
                CpuPlacement.UNPINNED,
                1,
                ArmSpec.MAX_BYTES,
                effort(Technique.UNTRACED.name(), calls)));
        for (int functions : Claims.PROBED_FUNCTIONS) {
            for (String technique : List.of(Claims.FLOOR, Claims.EVENT)) {
                arms.add(new ArmSpec(
                        technique + "-of-" + functions,
                        technique,
                        target,
                        List.of(),
                        calls,
                        CpuPlacement.UNPINNED,
                        functions,
                        ArmSpec.MAX_BYTES,
                        effort(technique, calls)));
            }
        }
    }

    /** On any CPU: each places itself as it likes, and so do ours. */
    private void addPeers(List<Technique> peers) {
        List<Claims.PeerBound> bounds = Claims.PEERS.stream()
                .filter(bound -> peers.contains(new Technique(bound.peer())))
                .toList();
        if (bounds.isEmpty()) {
            return;
        }
        Stream.of(
                        Stream.of(Technique.UNTRACED.name()),
                        bounds.stream().map(Claims.PeerBound::ours),
                        bounds.stream().map(Claims.PeerBound::peer))
                .flatMap(names -> names)
                .distinct()
                .forEach(name -> arms.add(new ArmSpec(
                        name,
                        name,
                        Claims.PEERS_TARGET,
                        List.of(),
                        calls,
                        CpuPlacement.UNPINNED,
                        1,
                        ArmSpec.MAX_BYTES,
                        effort(name, calls))));
    }

    private void addRungs() {
        for (CpuPlacement placement : Cores.pinned()) {
            for (Rung rung : Ladder.rungs()) {
                boolean known = Techniques.canMeasure(rung.technique()) && TargetProgram.exists(rung.target());
                // What nobody traces is the same wherever the tracer is not.
                boolean said = placement != CpuPlacement.ONE_CORE && rung.standsAlone();
                if (!known || said) {
                    continue;
                }
                if (rung.untraced() || wanted(rung.technique())) {
                    arms.add(arm(rung.technique(), rung, placement));
                }
                if (rung.untraced() && rung.group() != Rung.Group.YARDSTICKS) {
                    arms.add(arm(Plan.AGAIN, rung, placement));
                }
            }
        }
    }

    /** Whether this machine can measure on two cores. */
    public static boolean onTwoCores() {
        return Cores.pinned().contains(CpuPlacement.TWO_CORES);
    }

    private ArmSpec arm(String name, Rung rung, CpuPlacement placement) {
        return new ArmSpec(
                name,
                rung.technique(),
                rung.target(),
                List.of(),
                calls,
                placement,
                1,
                ArmSpec.MAX_BYTES,
                effort(rung.technique(), calls));
    }

    private static Effort effort(String technique, int calls) {
        return Effort.brief(TechniqueRegistry.ALL.facts(technique), calls).ofMany();
    }
}
