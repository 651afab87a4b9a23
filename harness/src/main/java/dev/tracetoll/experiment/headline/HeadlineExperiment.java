package dev.tracetoll.experiment.headline;

import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.experiment.BenchRequest;
import dev.tracetoll.experiment.Extent;
import dev.tracetoll.experiment.OwnOption;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import dev.tracetoll.tracing.Technique;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What does the same burst cost under each technique? What other runs are compared with, too. */
public final class HeadlineExperiment implements BenchExperiment {

    /** What it is called in results. */
    public static final String NAME = "headline";

    private static final Extent QUICK = new Extent("--quick", "The same within one minute.", Duration.ofMinutes(1));
    private static final Extent FULL =
            new Extent("--full", "Every target in many rounds: an hour or so.", Duration.ofHours(1));

    private static final String AT_BEST_SITE = "best";
    private static final String AT_ENTRY_SITE = "entry";
    private static final OwnOption SITE = new OwnOption(
            "--site",
            "entry|best",
            "Probe the functions' first instructions, as most tools do, or the cheapest ones (default: ${DEFAULT-VALUE}).",
            false,
            Optional.of(AT_BEST_SITE));
    private static final OwnOption BASELINE = new OwnOption(
            "--baseline",
            "FILE|none",
            "The run to compare with (default: the baseline of this environment under results/published, if there is one).",
            false,
            Optional.empty());
    private static final OwnOption SUMMARY = new OwnOption(
            "--summary",
            "FILE",
            "Append the comparison in Markdown to a file (default: the one that GITHUB_STEP_SUMMARY names, if any).",
            false,
            Optional.empty());

    private static final Duration DEFAULT_BUDGET = Duration.ofMinutes(5);
    private static final Duration QUICK_BUDGET = QUICK.roughly();
    private static final int FULL_ROUNDS = 30;
    private static final List<String> TARGETS = List.of("calls");
    private static final List<String> ALL_TARGETS = List.of("calls", "leaf", "recursive", "goroutines", "writes");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Extent> extents() {
        return List.of(QUICK, FULL);
    }

    @Override
    public List<OwnOption> options() {
        return List.of(SITE, BASELINE, SUMMARY);
    }

    @Override
    public Optional<String> misplaced(BenchRequest other) {
        if (atEntry(other)) {
            return Optional.of(
                    "--site entry is for a run that compares techniques; the ladder has rungs of its own for it");
        }
        if (other.one(BASELINE).isPresent()) {
            return Optional.of("--baseline is for a run that compares techniques; leave --ladder or --growth out");
        }
        return other.one(SUMMARY)
                .map(ignored -> "--summary is of a comparison with a baseline; leave --ladder or --growth out");
    }

    private static boolean atEntry(BenchRequest asked) {
        String site = asked.one(SITE).orElseThrow();
        if (!site.equals(AT_BEST_SITE) && !site.equals(AT_ENTRY_SITE)) {
            throw new BadInput("No --site " + site + "; there are " + AT_ENTRY_SITE + " and " + AT_BEST_SITE);
        }
        return site.equals(AT_ENTRY_SITE);
    }

    @Override
    public Plan plan(BenchRequest asked, PeerChoice peers) {
        List<Technique> chosen = chosen(asked);
        boolean full = asked.chose(FULL);
        return HeadlinePlan.of(
                asked.peers() ? target -> withPeers(chosen, peers, target) : target -> chosen,
                !asked.targets().isEmpty() ? asked.targets() : full ? ALL_TARGETS : TARGETS,
                asked.calls().isEmpty() ? List.of(BenchRequest.DEFAULT_CALLS) : asked.calls(),
                full || asked.rounds().isPresent()
                        ? asked.rounds(FULL_ROUNDS)
                        : Stopping.narrowWithin(
                                asked.budget().orElse(asked.chose(QUICK) ? QUICK_BUDGET : DEFAULT_BUDGET)),
                asked.seed());
    }

    private static List<Technique> chosen(BenchRequest asked) {
        boolean atEntry = atEntry(asked);
        List<Technique> chosen =
                asked.techniques().stream().map(Techniques::named).toList();
        if (!atEntry) {
            return chosen;
        }
        return (chosen.isEmpty() ? Techniques.headlineAtEntry() : chosen)
                .stream().map(Techniques::wantedAtEntry).toList();
    }

    private static List<Technique> withPeers(List<Technique> chosen, PeerChoice peers, String target) {
        List<Technique> all = new ArrayList<>(chosen.isEmpty() ? Techniques.besidePeers(target) : chosen);
        all.addAll(peers.on(target));
        return all;
    }

    @Override
    public Judge judge(BenchRequest asked, Path results, Screen screen) {
        BaselineJudge judge = new BaselineJudge(
                results, asked.one(BASELINE), asked.one(SUMMARY).map(Path::of), screen);
        judge.check();
        return judge;
    }

    @Override
    public Optional<String> unfitAsBaseline(Run run) {
        return BaselineFitness.unfitness(run);
    }

    @Override
    public String text(Run run, Screen screen, boolean verbose) {
        HeadlineScreen table = new HeadlineScreen(screen, verbose);
        return run.headlines().stream()
                        .map(workload -> table.render(Headline.of(run, workload)) + "\n")
                        .collect(Collectors.joining())
                + table.renderRemarks(run).stripLeading();
    }

    @Override
    public Optional<String> answer(Run run, Screen screen) {
        return Optional.of(new HeadlineScreen(screen, false).renderAnswer(run));
    }

    @Override
    public String section(Run run) {
        return HeadlineExhibit.section(run);
    }

    @Override
    public Exhibit exhibit(Run run) {
        return new HeadlineExhibit(run.headlines().stream()
                .map(workload -> Headline.of(run, workload))
                .toList());
    }
}
