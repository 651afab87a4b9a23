package dev.tracetoll.cli;

import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.EnvironmentProbe;
import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.experiment.BenchRequest;
import dev.tracetoll.experiment.RunExperiment;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tracetoll bench}: measures, stores the results, writes the report. */
@Command(
        name = "bench",
        modelTransformer = ExperimentOptions.class,
        description = "Measure what tracing costs: the same burst of calls under each technique, interleaved.",
        footer = {
            "",
            "Compares with the baseline of this environment, if there is one. Exits 0 if nothing has become dearer, 3 if something has,",
            "4 if that cannot be said, 1 if counts do not add up."
        })
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--technique",
            paramLabel = "NAME",
            description =
                    "A technique to measure, beside untraced; repeatable (default: those of the target's headline).")
    private List<String> techniques = List.of();

    @Option(
            names = "--peers",
            description =
                    "Measure other tools too, as far as they are there: bpftrace, perf, Delve, gdb; strace, perf trace and bpftrace for the target writes.")
    private boolean peers;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description =
                    "A target, or the path of a program that speaks the burst protocol; repeatable (default: calls).")
    private List<String> targets = List.of();

    @Option(names = "--calls", paramLabel = "N", description = "Calls in a burst; repeatable (default: 200).")
    private List<Integer> calls = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "Visit every technique so often, instead of until the intervals are narrow (default: full 30, ladder 8, growth 5).")
    private Integer rounds;

    @Mixin
    private RingOptions ring;

    @Mixin
    private ProgramOptions program;

    @Mixin
    private ProgressOption progress;

    @Option(
            names = "--budget",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "End in good order within this time, report included; sooner if the intervals are narrow enough (default: 5m; quick 1m).")
    private Duration budget;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the order of techniques and of the bootstrap (default: random).")
    private Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where results/ and reports/ are kept (default: this clone, or ~/.local/share/tracetoll).")
    private Path out;

    @Option(
            names = "--verbose",
            description =
                    "Show all that the report says of the figures: noise, what would show, yardsticks, all warnings.")
    private boolean verbose;

    @Override
    public Integer call() {
        long startedNs = System.nanoTime();
        program.check(spec);
        if (rounds != null && budget != null) {
            throw new BadInput("--rounds and --budget both say when to end; choose one");
        }
        return measure(
                program.given()
                        ? program.measuring(
                                spec,
                                techniques,
                                ring,
                                Optional.ofNullable(rounds),
                                Optional.ofNullable(budget),
                                Invocation.seed(seed),
                                startedNs,
                                out)
                        : ofTargets(startedNs));
    }

    private OfTargets ofTargets(long startedNs) {
        BenchRequest asked = request();
        BenchExperiment experiment = ExperimentOptions.chosen(asked);
        ExperimentOptions.requirePlaced(asked, experiment);
        PeerChoice peerChoice =
                new PeerChoice(absent -> System.err.println("tracetoll: " + absent.what() + "; " + absent.remedy()));
        Plan plan = experiment
                .plan(asked, peerChoice)
                .ring(ring.choice(EbpfOptions.best().ringBytes()));
        plan.requireTime(1, "fewer techniques, targets or --calls");
        return new OfTargets(experiment, asked, plan, peerChoice, startedNs);
    }

    /** The same burst of our own targets under each technique. */
    private static final class OfTargets implements Measuring {

        private final BenchExperiment experiment;
        private final BenchRequest asked;
        private final Plan plan;
        private final PeerChoice peers;
        private final long startedNs;
        private BenchExperiment.Judge judge = (run, directory) -> 0;

        OfTargets(BenchExperiment experiment, BenchRequest asked, Plan plan, PeerChoice peers, long startedNs) {
            this.experiment = experiment;
            this.asked = asked;
            this.plan = plan;
            this.peers = peers;
            this.startedNs = startedNs;
        }

        @Override
        public RunExperiment experiment() {
            return experiment;
        }

        @Override
        public long seed() {
            return plan.seed();
        }

        @Override
        public Optional<Duration> budget() {
            return plan.stopping().budget();
        }

        @Override
        public Map<String, String> tools() {
            Map<String, String> tools = Tool.libraries();
            plan.peerTools()
                    .forEach(tool -> Tool.output(tool.versionCommand().toArray(String[]::new))
                            .ifPresent(version -> tools.put(tool.command(), version)));
            return tools;
        }

        @Override
        public void prepareJudge(Path results, Screen screen) {
            judge = experiment.judge(asked, results, screen);
        }

        @Override
        public Measured measure(Measurement.Progress progress) {
            Measurement.Outcome outcome = new Measurement(plan, startedNs).run(progress);
            return new Measured(
                    outcome.arms(),
                    experiment.comparisons(outcome.arms(), plan.seed()),
                    experiment.warnings(peers),
                    outcome.stopped(),
                    Map.of(ResultStore.JMH_FILE, outcome.jmhJson()));
        }

        @Override
        public int judge(Run run, Path directory) {
            return judge.judge(run, directory);
        }
    }

    private int measure(Measuring measuring) {
        RunExperiment experiment = measuring.experiment();
        Path home = Invocation.home(out);
        ResultStore store = new ResultStore(home.resolve("results"));
        store.requireWritable();
        Path reports = home.resolve("reports");
        new ReportWriter(reports).requireWritable();
        Screen screen = StandardOutput.screen();
        measuring.prepareJudge(home.resolve("results"), screen);
        Instant started = Instant.now();
        EnvironmentProbe probe = new EnvironmentProbe();
        Environment before = probe.read(Environment.UNKNOWN, measuring.tools());
        ProgressLine line = progress.line();
        Measuring.Measured outcome;
        try {
            outcome = measuring.measure(line::ofRun);
        } finally {
            line.clear();
        }
        Environment environment =
                before.builtWith(outcome.arms().get(0).goVersion()).endedWith(probe.load());
        Run run = new Run(
                Run.SCHEMA_VERSION,
                Version.build(),
                started,
                environment,
                experiment.name(),
                Invocation.words(spec),
                measuring.seed(),
                measuring.budget().map(Duration::toNanos).orElse(0L),
                outcome.stopped(),
                outcome.arms(),
                outcome.comparisons(),
                outcome.warnings());
        Path directory = store.save(run, experiment.name(), outcome.files());
        Path page = experiment.report(directory, reports);
        Run checked = ResultStore.checked(run);
        System.out.print(experiment.text(checked, screen, verbose));
        System.out.println();
        System.out.println("results  " + directory.resolve(ResultStore.RESULTS_FILE));
        System.out.println("report   " + page);
        int code = run.valid() ? measuring.judge(run, directory) : OperationFailed.EXIT_CODE;
        experiment.answer(checked, screen).ifPresent(answer -> {
            System.out.println();
            System.out.print(answer);
        });
        return code;
    }

    private BenchRequest request() {
        return new BenchRequest(
                ExperimentOptions.extent(spec),
                techniques,
                peers,
                targets,
                calls,
                rounds == null ? OptionalInt.empty() : OptionalInt.of(rounds),
                Optional.ofNullable(budget),
                Invocation.seed(seed),
                ExperimentOptions.own(spec));
    }
}
