package dev.tracetoll.experiment.growth;

import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.experiment.BenchRequest;
import dev.tracetoll.experiment.Extent;
import dev.tracetoll.experiment.OwnOption;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How does the cost of tracing grow with the size of the workload? */
public final class GrowthExperiment implements BenchExperiment {

    private static final Extent GROWTH = new Extent(
            "--growth",
            "How the cost grows with calls, bytes, probed functions, threads and goroutines: a quarter of an hour.",
            Duration.ofMinutes(15));
    private static final OwnOption AXIS = new OwnOption(
            "--axis",
            "NAME",
            "With --growth, what grows: calls, bytes, functions, threads or goroutines; repeatable (default: each in turn).",
            true,
            Optional.empty());

    private static final int ROUNDS = 5;
    private static final int CALLS = 1_000;
    private static final int MOST_CALLS = 1_000_000;

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public List<Extent> extents() {
        return List.of(GROWTH);
    }

    @Override
    public List<OwnOption> options() {
        return List.of(AXIS);
    }

    @Override
    public Optional<String> misplaced(BenchRequest other) {
        return other.one(AXIS).map(ignored -> "--axis says what grows; it needs --growth");
    }

    @Override
    public Plan plan(BenchRequest asked, PeerChoice peers) {
        if (asked.peers()) {
            throw new BadInput("--peers is for a run that compares techniques; leave --growth out");
        }
        List<Integer> calls = asked.calls();
        return GrowthPlan.of(
                        asked.techniques(),
                        asked.all(AXIS),
                        calls.isEmpty() ? CALLS : calls.get(0),
                        calls.isEmpty() ? MOST_CALLS : calls.get(calls.size() - 1),
                        ROUNDS,
                        asked.seed())
                .stopping(asked.rounds(ROUNDS));
    }

    @Override
    public Optional<String> unfitAsBaseline(Run run) {
        return Optional.of(
                "it asks how techniques grow, not what they cost side by side; adopt a run of ./tracetoll bench without --ladder and --growth");
    }

    @Override
    public String text(Run run, Screen screen, boolean verbose) {
        return new GrowthScreen(screen).render(GrowthFigures.of(run));
    }

    @Override
    public Exhibit exhibit(Run run) {
        return new GrowthExhibit(GrowthFigures.of(run));
    }
}
