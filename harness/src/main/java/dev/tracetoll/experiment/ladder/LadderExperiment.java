package dev.tracetoll.experiment.ladder;

import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.experiment.BenchRequest;
import dev.tracetoll.experiment.Extent;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Screen;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.peer.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** What does each part of a technique add to the one below? */
public final class LadderExperiment implements BenchExperiment {

    private static final Extent LADDER = new Extent(
            "--ladder",
            "Every rung from an untraced call to a fully traced one, on one core and on two: minutes.",
            Duration.ofMinutes(5));

    private static final int ROUNDS = 8;

    @Override
    public String name() {
        return "ladder";
    }

    @Override
    public List<Extent> extents() {
        return List.of(LADDER);
    }

    @Override
    public Plan plan(BenchRequest asked, PeerChoice peers) {
        return LadderPlan.of(
                        new LinkedHashSet<>(asked.techniques()),
                        asked.peers() ? bounded(peers) : List.of(),
                        asked.calls().isEmpty()
                                ? BenchRequest.DEFAULT_CALLS
                                : asked.calls().get(0),
                        ROUNDS,
                        asked.seed())
                .stopping(asked.rounds(ROUNDS));
    }

    private static List<Technique> bounded(PeerChoice peers) {
        List<String> bounded = Claims.PEERS.stream().map(Claims.PeerBound::peer).toList();
        return peers.on(
                Claims.PEERS_TARGET,
                Peers.ALL.stream()
                        .filter(peer -> bounded.contains(peer.technique().name()))
                        .toList());
    }

    @Override
    public List<Comparison> comparisons(List<Arm> arms, long seed) {
        Comparisons comparisons = new Comparisons(seed);
        List<Comparison> all = new ArrayList<>(comparisons.of(arms));
        all.addAll(steps(arms, comparisons));
        return all;
    }

    /** Every arm against the rung below it, unless that is the untraced one. */
    static List<Comparison> steps(List<Arm> arms, Comparisons comparisons) {
        List<Comparison> steps = new ArrayList<>();
        for (Arm arm : arms) {
            List<Arm> sameWorkload = arms.stream()
                    .filter(other -> other.workload().equals(arm.workload()))
                    .toList();
            Ladder.below(arm, sameWorkload)
                    .filter(below -> !below.untraced())
                    .ifPresent(below -> steps.add(comparisons.compare(arm, below)));
        }
        return List.copyOf(steps);
    }

    @Override
    public List<Warning> warnings(PeerChoice peers) {
        return !peers.absent().isEmpty() || LadderPlan.onTwoCores()
                ? peers.absent()
                : List.of(new Warning(
                        "this process may use one core only, so nothing was measured on two",
                        "measure on a machine with two cores"));
    }

    @Override
    public Optional<String> unfitAsBaseline(Run run) {
        return Optional.of(
                "it asks how techniques come about, not what they cost side by side; adopt a run of ./tracetoll bench without --ladder and --growth");
    }

    @Override
    public String text(Run run, Screen screen, boolean verbose) {
        return new LadderScreen(screen).render(LadderFigures.of(run));
    }

    @Override
    public Exhibit exhibit(Run run) {
        return new LadderExhibit(LadderFigures.of(run));
    }
}
