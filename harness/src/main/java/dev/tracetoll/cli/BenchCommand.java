package dev.tracetoll.cli;

import dev.tracetoll.bench.GrowthPlan;
import dev.tracetoll.bench.HeadlinePlan;
import dev.tracetoll.bench.LadderPlan;
import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.linux.features.NativeLibraries;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.report.GrowthFigures;
import dev.tracetoll.report.GrowthTable;
import dev.tracetoll.report.Headline;
import dev.tracetoll.report.HeadlineTable;
import dev.tracetoll.report.LadderFigures;
import dev.tracetoll.report.LadderTable;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.report.TerminalStyle;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Claims;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Comparisons;
import dev.tracetoll.results.Environment;
import dev.tracetoll.results.EnvironmentProbe;
import dev.tracetoll.results.Experiment;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.peer.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tracetoll bench}: measures, stores the results, writes the report. */
@Command(
        name = "bench",
        description = "Measure what tracing costs: the same burst of calls under each technique, interleaved.",
        footer = {"", "Compares with the baseline of this environment, if there is one. Exits 0 if nothing has become dearer, 3 if something has,",
            "4 if that cannot be said, 1 if counts do not add up."})
final class BenchCommand implements Callable<Integer> {

    /** How long to measure. */
    private static final class Extent {
        @Option(names = "--quick", description = "The same within one minute.")
        private boolean quick;

        @Option(names = "--ladder", description = "Every rung from an untraced call to a fully traced one, on one core and on two: minutes.")
        private boolean ladder;

        @Option(names = "--growth",
                description = "How the cost grows with calls, bytes, probed functions, threads and goroutines: a quarter of an hour.")
        private boolean growth;

        @Option(names = "--full", description = "Every target in many rounds: an hour or so.")
        private boolean full;
    }

    private static final Duration DEFAULT_BUDGET = Duration.ofMinutes(5);
    private static final Duration QUICK_BUDGET = Duration.ofMinutes(1);
    private static final int FULL_ROUNDS = 30;
    private static final int LADDER_ROUNDS = 8;
    private static final int GROWTH_ROUNDS = 5;
    private static final int GROWTH_CALLS = 1_000;
    private static final int MOST_GROWTH_CALLS = 1_000_000;
    /** Of a function of about 100 ns: an untraced burst of about 20 µs, as in the talk that started it. */
    private static final int HEADLINE_CALLS = 200;
    private static final String AT_BEST_SITE = "best";
    private static final String AT_ENTRY_SITE = "entry";
    private static final List<String> HEADLINE_TARGETS = List.of("calls");
    private static final List<String> ALL_TARGETS = List.of("calls", "leaf", "recursive", "goroutines", "writes");

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private Extent extent;

    @Option(names = "--technique", paramLabel = "NAME",
            description = "A technique to measure, beside untraced; repeatable (default: those of the target's headline).")
    private List<String> techniques = List.of();

    @Option(names = "--peers", description = "Measure other tools too, as far as they are there: bpftrace, perf, Delve, gdb; strace, perf trace and bpftrace for the target writes.")
    private boolean peers;

    @Option(names = "--target", paramLabel = "NAME",
            description = "A target, or the path of a program that speaks the burst protocol; repeatable (default: calls).")
    private List<String> targets = List.of();

    @Option(names = "--axis", paramLabel = "NAME",
            description = "With --growth, what grows: calls, bytes, functions, threads or goroutines; repeatable (default: each in turn).")
    private List<String> axes = List.of();

    @Option(names = "--calls", paramLabel = "N", description = "Calls in a burst; repeatable (default: 200).")
    private List<Integer> calls = List.of();

    @Option(names = "--rounds", paramLabel = "N",
            description = "Visit every technique so often, instead of until the intervals are narrow (default: full 30, ladder 8, growth 5).")
    private Integer rounds;

    @Option(names = "--budget", paramLabel = "DURATION", converter = DurationConverter.class,
            description = "End in good order within this time, report included; sooner if the intervals are narrow enough (default: 5m; quick 1m).")
    private Duration budget;

    @Option(names = "--baseline", paramLabel = "FILE|none",
            description = "The run to compare with (default: the baseline of this environment under results/published, if there is one).")
    private String baseline;

    @Option(names = "--summary", paramLabel = "FILE",
            description = "Append the comparison in Markdown to a file (default: the one that GITHUB_STEP_SUMMARY names, if any).")
    private Path summary;

    @Option(names = "--site", paramLabel = "entry|best", defaultValue = "best",
            description = "Probe the functions' first instructions, as most tools do, or the cheapest ones (default: ${DEFAULT-VALUE}).")
    private String site;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the order of techniques and of the bootstrap (default: random).")
    private Long seed;

    @Option(names = "--out", paramLabel = "DIR", description = "Where results/ and reports/ are kept (default: this clone).")
    private Path out;

    @Override
    public Integer call() {
        long startedNs = System.nanoTime();
        PeerChoice choice = new PeerChoice();
        Plan plan = plan(choice);
        plan.requireTime(1, "fewer techniques, targets or --calls");
        Path home = Invocation.home(out);
        ResultStore store = new ResultStore(home.resolve("results"));
        store.requireWritable();
        ReportWriter reports = new ReportWriter(home.resolve("reports"));
        reports.requireWritable();
        Gate gate = gate(plan, home);
        Instant started = Instant.now();
        EnvironmentProbe probe = new EnvironmentProbe();
        Map<String, String> tools = tools(plan);
        Environment before = probe.read(Environment.UNKNOWN, tools);
        ProgressLine progress = ProgressLine.ofThisTerminal();
        Measurement.Outcome outcome;
        try {
            outcome = new Measurement(plan, startedNs).run((share, round) -> progress.ofRound(share, round, ": " + plan.arms().size() + " arms take turns"));
        } finally {
            progress.clear();
        }
        Environment environment = before.builtWith(outcome.arms().get(0).goVersion()).endedWith(probe.load());
        Run run = new Run(Run.SCHEMA_VERSION, Version.build(), started, environment, plan.experiment(), Invocation.words(spec), plan.seed(),
                plan.stopping().budget().map(Duration::toNanos).orElse(0L), outcome.stopped(), outcome.arms(),
                comparisons(plan, outcome.arms()), warnings(plan, choice));
        String experiment = run.experiment().name().toLowerCase(Locale.ROOT);
        Path directory = store.save(run, experiment, outcome.jmhJson());
        Path report = reports.write(directory);
        show(ResultStore.checked(run));
        System.out.println();
        System.out.println("results  " + directory.resolve(ResultStore.RESULTS_FILE));
        System.out.println("report   " + report.resolve("index.html"));
        System.out.println("chart    " + report.resolve(experiment + ".png"));
        if (!run.valid()) {
            return OperationFailed.EXIT_CODE;
        }
        return run.experiment() == Experiment.HEADLINE ? gate.judge(run, directory) : 0;
    }

    private Gate gate(Plan plan, Path home) {
        if (plan.experiment() != Experiment.HEADLINE && baseline != null) {
            throw new BadInput("--baseline is for a run that compares techniques; leave --ladder or --growth out");
        }
        if (plan.experiment() != Experiment.HEADLINE && summary != null) {
            throw new BadInput("--summary is of a comparison with a baseline; leave --ladder or --growth out");
        }
        Gate gate = new Gate(home.resolve("results"), baseline, summary);
        if (plan.experiment() == Experiment.HEADLINE) {
            gate.check();
        }
        return gate;
    }

    private Plan plan(PeerChoice choice) {
        if (!site.equals(AT_BEST_SITE) && !site.equals(AT_ENTRY_SITE)) {
            throw new BadInput("No --site " + site + "; there are " + AT_ENTRY_SITE + " and " + AT_BEST_SITE);
        }
        if (rounds != null && budget != null) {
            throw new BadInput("--rounds and --budget both say when to end; choose one");
        }
        boolean quick = extent != null && extent.quick;
        boolean ladder = extent != null && extent.ladder;
        boolean full = extent != null && extent.full;
        if (site.equals(AT_ENTRY_SITE) && (ladder || extent != null && extent.growth)) {
            throw new BadInput("--site entry is for a run that compares techniques; the ladder has rungs of its own for it");
        }
        if (peers && extent != null && extent.growth) {
            throw new BadInput("--peers is for a run that compares techniques; leave --growth out");
        }
        if (!axes.isEmpty() && (extent == null || !extent.growth)) {
            throw new BadInput("--axis says what grows; it needs --growth");
        }
        if (ladder) {
            return LadderPlan.of(new LinkedHashSet<>(techniques), peers ? peersOfTheLadder(choice) : List.of(), calls.isEmpty() ? HEADLINE_CALLS : calls.get(0),
                    LADDER_ROUNDS, seed()).stopping(fixed(LADDER_ROUNDS));
        }
        if (extent != null && extent.growth) {
            return GrowthPlan.of(techniques, axes, calls.isEmpty() ? GROWTH_CALLS : calls.get(0),
                    calls.isEmpty() ? MOST_GROWTH_CALLS : calls.get(calls.size() - 1), GROWTH_ROUNDS, seed()).stopping(fixed(GROWTH_ROUNDS));
        }
        List<Technique> chosen = chosenTechniques();
        return HeadlinePlan.of(
                peers ? target -> withPeers(chosen, choice, target) : target -> chosen,
                !targets.isEmpty() ? targets : full ? ALL_TARGETS : HEADLINE_TARGETS,
                calls.isEmpty() ? List.of(HEADLINE_CALLS) : calls,
                full || rounds != null ? fixed(FULL_ROUNDS) : Stopping.narrowWithin(budget != null ? budget : quick ? QUICK_BUDGET : DEFAULT_BUDGET),
                seed());
    }

    /** As many rounds as asked for, or else a number of them, but no more than fit into the budget. */
    private Stopping fixed(int otherwise) {
        int most = rounds != null ? rounds : otherwise;
        return budget == null ? Stopping.rounds(most) : Stopping.rounds(most, budget);
    }

    private static List<Technique> peersOfTheLadder(PeerChoice choice) {
        List<String> bounded = Claims.PEERS.stream().map(Claims.PeerBound::peer).toList();
        List<Technique> chosen = choice.on(Claims.PEERS_TARGET,
                Peers.ALL.stream().filter(peer -> bounded.contains(peer.technique().name())).toList());
        tell(choice, 0);
        return chosen;
    }

    private static List<Technique> withPeers(List<Technique> chosen, PeerChoice choice, String target) {
        List<Technique> all = new ArrayList<>(chosen.isEmpty() ? Techniques.besidePeers(target) : chosen);
        int known = choice.absent().size();
        all.addAll(choice.on(target));
        tell(choice, known);
        return all;
    }

    private static void tell(PeerChoice choice, int known) {
        choice.absent().stream().skip(known).forEach(absent -> System.err.println("tracetoll: " + absent.what() + "; " + absent.remedy()));
    }

    private List<Technique> chosenTechniques() {
        List<Technique> chosen = techniques.stream().map(Techniques::named).toList();
        if (site.equals(AT_BEST_SITE)) {
            return chosen;
        }
        return (chosen.isEmpty() ? Techniques.headlineAtEntry() : chosen).stream()
                .map(Techniques::wantedAtEntry).toList();
    }

    private long seed() {
        return Invocation.seed(seed);
    }

    private static List<Comparison> comparisons(Plan plan, List<Arm> arms) {
        Comparisons comparisons = new Comparisons(plan.seed());
        List<Comparison> all = new ArrayList<>(comparisons.of(arms));
        if (plan.experiment() == Experiment.LADDER) {
            all.addAll(comparisons.steps(arms));
        }
        return all;
    }

    private static List<Warning> warnings(Plan plan, PeerChoice choice) {
        return !choice.absent().isEmpty() ? choice.absent() : plan.experiment() == Experiment.LADDER && !LadderPlan.onTwoCores()
                ? List.of(new Warning("this process may use one core only, so nothing was measured on two", "measure on a machine with two cores"))
                : List.of();
    }

    private static Map<String, String> tools(Plan plan) {
        Map<String, String> tools = new TreeMap<>();
        NativeLibraries.all().forEach(library -> tools.put(library.name(), library.detail()));
        Tool.output("clang", "--version").ifPresent(version -> tools.put("clang", version));
        plan.peerTools().forEach(tool -> Tool.output(tool.versionCommand().toArray(String[]::new))
                .ifPresent(version -> tools.put(tool.command(), version)));
        return tools;
    }

    private static void show(Run run) {
        TerminalStyle style = StandardOutput.style();
        if (run.experiment() == Experiment.LADDER) {
            System.out.print(new LadderTable(style, StandardOutput.columns()).render(LadderFigures.of(run)));
            return;
        }
        if (run.experiment() == Experiment.GROWTH) {
            System.out.print(new GrowthTable(style, StandardOutput.columns()).render(GrowthFigures.of(run)));
            return;
        }
        HeadlineTable table = new HeadlineTable(style, StandardOutput.columns());
        run.headlines().forEach(workload -> System.out.println(table.render(Headline.of(run, workload))));
        System.out.print(table.renderRemarks(run).stripLeading());
    }
}
