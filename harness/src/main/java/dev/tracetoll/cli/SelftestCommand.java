package dev.tracetoll.cli;

import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.compare.RunComparison;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.EnvironmentProbe;
import dev.tracetoll.experiment.gate.GateExperiment;
import dev.tracetoll.experiment.gate.GateRecording;
import dev.tracetoll.experiment.gate.GateTrial;
import dev.tracetoll.experiment.gate.GateTrials;
import dev.tracetoll.experiment.gate.OperatingCurveScreen;
import dev.tracetoll.experiment.gate.Slowdown;
import dev.tracetoll.experiment.gate.TrialStore;
import dev.tracetoll.experiment.headline.HeadlineExperiment;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.results.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tracetoll selftest}: whether Tracetoll itself can be relied on. */
@Command(
        name = "selftest",
        description = "Try out whether Tracetoll's own verdicts can be relied on.",
        subcommands = SelftestCommand.Gate.class)
final class SelftestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "nothing to test given; there is: gate");
    }

    /** {@code tracetoll selftest gate}: how often the gate finds which slowdown. */
    @Command(
            name = "gate",
            description =
                    "Slow tracing down by 5, 10, 20 and 50 %%, in the BPF program and in the target, and count how often the gate finds it. "
                            + "An hour at most, unless told otherwise.",
            footer = {
                "",
                "Exits 0 if the gate raised no false alarm and called nothing fine that was above twice the tolerance, else 1."
            })
    static final class Gate implements Callable<Integer> {

        private static final int TIMED_ROUNDS = 3;
        /** More than what rounds take, for what comes after them. */
        private static final double SPARE = 1.3;

        @Mixin
        private ProgressOption progress;

        @Spec
        private CommandSpec spec;

        /** What a gate measures within this is what each comparison gets. */
        private static final Duration GATE_BUDGET = Duration.ofSeconds(30);

        @Option(
                names = "--comparisons",
                paramLabel = "N",
                defaultValue = "100",
                description =
                        "Comparisons of each slowdown, or as many as the budget allows (default: ${DEFAULT-VALUE}).")
        private int comparisons;

        @Option(
                names = "--slowdown",
                paramLabel = "PERCENT",
                split = ",",
                description = "Make these alone, in both places; repeatable (default: 5,10,20,50).")
        private List<Integer> slowdowns = Slowdown.PERCENTS;

        @Option(
                names = "--rounds-each",
                paramLabel = "N",
                description =
                        "Rounds of each of the two runs that are compared (default: as many as a gate measures in 30 s here, but 5 at least).")
        private Integer roundsEach;

        @Option(
                names = "--budget",
                paramLabel = "DURATION",
                converter = DurationConverter.class,
                defaultValue = "40m",
                description =
                        "How long to record at most, such as 20m (default: ${DEFAULT-VALUE}); what comes after that takes a third as long.")
        private Duration budget;

        @Option(
                names = "--tolerance",
                paramLabel = "PERCENT",
                defaultValue = "5",
                description = "Tolerance of the gate (default: ${DEFAULT-VALUE}).")
        private double tolerancePercent;

        @Option(names = "--load", description = "Keep one core busy during each second run.")
        private boolean load;

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "Seed of the order of arms and of the bootstrap (default: random).")
        private Long seed;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description =
                        "Where results/ and reports/ are kept (default: this clone, or ~/.local/share/tracetoll).")
        private Path out;

        @Override
        public Integer call() {
            if (comparisons < 1 || roundsEach != null && roundsEach < 1) {
                throw new BadInput("A trial of " + comparisons + " comparisons"
                        + (roundsEach == null ? "" : " of " + roundsEach + " rounds each")
                        + " says nothing; choose --comparisons and --rounds-each from 1");
            }
            for (int percent : slowdowns) {
                if (!Slowdown.PERCENTS.contains(percent)) {
                    throw new BadInput("There is no --slowdown of " + percent + " %; choose among "
                            + Slowdown.PERCENTS.stream().map(String::valueOf).collect(Collectors.joining(", ")));
                }
            }
            double tolerance = tolerancePercent / 100;
            // Refuses a useless tolerance before an hour of recording.
            new RunComparison(tolerance, 0);
            Path home = Invocation.home(out);
            long chosen = Invocation.seed(seed);
            TrialStore store = new TrialStore(home.resolve("results"));
            store.requireWritable();
            Path reports = home.resolve("reports");
            new ReportWriter(reports).requireWritable();
            int fewest = GateTrials.rounds(1, roundsEach != null ? roundsEach : RunComparison.FEWEST_ROUNDS);
            // Of fewer arms than are recorded.
            GateRecording.gate(timedRounds(), chosen)
                    .stopping(Stopping.rounds(fewest, budget))
                    .requireTime(fewest, "fewer --rounds-each");
            Instant started = Instant.now();
            double secondsOfARound = secondsOfARound(chosen);
            int each = roundsEach != null
                    ? roundsEach
                    : Math.max(RunComparison.FEWEST_ROUNDS, Stopping.roundsWithin(GATE_BUDGET, secondsOfARound));
            Plan plan = GateRecording.plan(
                    Slowdown.of(slowdowns.stream().distinct().sorted().toList()),
                    Stopping.rounds(GateTrials.rounds(comparisons, each), budget),
                    chosen);
            requireTime(
                    plan,
                    each,
                    secondsOfARound
                            * plan.roughRoundNs()
                            / GateRecording.gate(timedRounds(), chosen).roughRoundNs());
            EnvironmentProbe probe = new EnvironmentProbe();
            Environment before = probe.read(Environment.UNKNOWN, new TreeMap<>());
            Measurement.Outcome outcome = record(plan, each);
            requireComparison(outcome, each);
            Environment environment =
                    before.builtWith(outcome.arms().get(0).goVersion()).endedWith(probe.load());
            List<String> command = Invocation.words(spec);
            Run recording = new Run(
                    Run.SCHEMA_VERSION,
                    Version.build(),
                    started,
                    environment,
                    HeadlineExperiment.NAME,
                    command,
                    chosen,
                    budget.toNanos(),
                    outcome.stopped(),
                    outcome.arms(),
                    List.of(),
                    List.of());
            GateTrials trials = new GateTrials(recording, each, tolerance, comparisons);
            GateTrial trial = new GateTrial(
                    GateTrial.SCHEMA_VERSION,
                    Version.build(),
                    started,
                    environment,
                    command,
                    chosen,
                    tolerance,
                    each,
                    each * secondsOfARound,
                    load,
                    GateTrials.TECHNIQUE,
                    trials.points(),
                    trials.longer());
            Path directory = store.save(trial, recording);
            Path report = new GateExperiment().report(directory, reports);
            System.out.print(new OperatingCurveScreen(StandardOutput.screen()).render(trial));
            System.out.println();
            System.out.println("results  " + directory.resolve(TrialStore.TRIAL_FILE));
            System.out.println("report   " + report);
            return OperatingCurveScreen.passed(trial) ? 0 : OperationFailed.EXIT_CODE;
        }

        /** Refuses a budget that not even one comparison fits into, before it is spent. */
        private void requireTime(Plan plan, int each, double secondsOfARound) {
            int rounds = GateTrials.rounds(1, each);
            if (Stopping.roundsWithin(budget, secondsOfARound) < rounds) {
                throw new BadInput(String.format(
                        Locale.ROOT,
                        "--budget %d s is too short here: a round of %d arms takes about %.1f s, and the first "
                                + "comparison %d of them; choose --budget %.0fs or more, or fewer --rounds-each",
                        budget.toSeconds(),
                        plan.arms().size(),
                        secondsOfARound,
                        rounds,
                        Math.ceil(rounds * secondsOfARound * SPARE)));
            }
        }

        private void requireComparison(Measurement.Outcome outcome, int each) {
            int rounds = outcome.arms().get(0).bursts().rounds();
            if (rounds < GateTrials.rounds(1, each)) {
                throw new OperationFailed("There was time for " + rounds + " rounds, and the first comparison takes "
                        + GateTrials.rounds(1, each) + "; use a longer --budget than " + budget.toSeconds()
                        + " s, or fewer --rounds-each");
            }
        }

        /** What a round of a gate takes here: of the technique that is slowed down, with all that a gate measures beside it. */
        private double secondsOfARound(long seed) {
            long startedNs = System.nanoTime();
            new Measurement(GateRecording.gate(timedRounds(), seed)).run(so -> {});
            return (System.nanoTime() - startedNs) / 1e9 / timedRounds();
        }

        /** Where it is given how many rounds a comparison has, they need not be reckoned, only whether there is time for them. */
        private int timedRounds() {
            return roundsEach == null ? TIMED_ROUNDS : 1;
        }

        private Measurement.Outcome record(Plan plan, int each) {
            ProgressLine line = progress.line();
            try (BusyCore busy = new BusyCore()) {
                return new Measurement(plan).run(so -> {
                    busy.set(load && (so.round() - 1) / each % 2 == 1);
                    line.ofRound(
                            so.share(), so.round(), " of " + plan.stopping().mostRounds());
                });
            } finally {
                line.clear();
            }
        }
    }
}
