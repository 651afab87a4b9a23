package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.GoTestBinary;
import dev.tracetoll.bench.program.NamedMetric;
import dev.tracetoll.bench.program.OwnProgram;
import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.bench.program.ProgramPlan;
import dev.tracetoll.bench.program.Ready;
import dev.tracetoll.bench.program.RunOptions;
import dev.tracetoll.experiment.RunExperiment;
import dev.tracetoll.experiment.predict.Foretold;
import dev.tracetoll.experiment.program.ProgramExperiment;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.NativeWords;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.registry.Mechanism;
import dev.tracetoll.tracing.ring.RingChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code tracetoll bench} for a program of somebody's own. */
final class ProgramOptions {

    /** As many runs as hyperfine makes of each command at least; its intervals come from a bootstrap that needs about that many. */
    private static final int ROUNDS = 10;

    private static final Duration BUDGET = Duration.ofMinutes(5);

    @Option(
            names = {"-f", "--function"},
            paramLabel = "REGEX",
            description =
                    "Measure a program of your own, PROGRAM or --pid, with these of its functions traced, chosen as by trace; repeatable.")
    private List<String> functions = List.of();

    @Option(
            names = "--go-bench",
            paramLabel = "PACKAGE",
            description =
                    "With --function, in place of PROGRAM: the benchmarks of a Go package, built with the go command on PATH; what follows -- "
                            + "are flags of the test binary, as -test.benchtime=100x.")
    private String goBench;

    @Option(
            names = "--bench",
            paramLabel = "REGEX",
            defaultValue = ".",
            description = "With --go-bench, which benchmarks, as of go test (default: ${DEFAULT-VALUE}).")
    private String benchmarks;

    @Option(
            names = "--load",
            paramLabel = "CMD",
            description =
                    "With --function, for a server: a command of the shell that drives it; what it prints in figures is measured.")
    private String load;

    @Option(
            names = "--ready",
            paramLabel = "REGEX|PORT",
            description =
                    "With --load, when the server is ready: once it prints such a line, or takes connections on this TCP port.")
    private String ready;

    @Option(
            names = "--keep",
            description =
                    "With --load, launch the server once, and attach to it for each run, instead of a new one each time.")
    private boolean keep;

    @Option(
            names = "--metric",
            paramLabel = "NAME=REGEX[:lower|higher]",
            description =
                    "With --function, a figure that the load or the program prints: the number that the first group of the expression finds, "
                            + "and whether lower (the default) or higher is better; repeatable (default: what wrk, hey, oha, vegeta, k6, ghz, "
                            + "pgbench and Go benchmarks print).")
    private List<String> metrics = List.of();

    @Option(
            names = "--prepare",
            paramLabel = "CMD",
            description = "With --function, a command of the shell to be run before each run.")
    private String prepare;

    @Option(
            names = "--stdin",
            paramLabel = "FILE",
            description = "With --function, what the program reads from its standard input (default: nothing).")
    private Path stdin;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --function, rounds that are run before those that count (default: ${DEFAULT-VALUE}).")
    private int warmups;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = DurationConverter.class,
            defaultValue = "10m",
            description =
                    "With --function, what a run may take; a technique under which it takes longer is left out (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(names = "--ignore-failure", description = "With --function, measure a program that fails, too.")
    private boolean ignoreFailure;

    @Option(names = "--no-returns", description = "With --function, trace calls only.")
    private boolean noReturns;

    @Mixin
    private Subject subject;

    /** Whether a program of somebody's own is to be measured. */
    boolean given() {
        return !functions.isEmpty();
    }

    /** @throws ParameterException if what was given does not go together */
    void check(CommandSpec spec) {
        if (!given()) {
            if (subject.given() || load != null || subject.userGiven()) {
                throw wrong(
                        spec,
                        "which functions of "
                                + subject.program()
                                        .or(() -> subject.pid().map(pid -> "--pid " + pid))
                                        .orElse(load != null ? "what --load drives" : "what --user launches")
                                + " are traced, --function says; give it, or leave the program out");
            }
            return;
        }
        boolean runs = subject.runs();
        if (goBench != null) {
            if (runs || load != null || stdin != null) {
                throw wrong(
                        spec,
                        "--go-bench runs the benchmarks of a package; leave out "
                                + (runs ? "--pid" : load != null ? "--load" : "--stdin"));
            }
            if (subject.userGiven()) {
                throw wrong(
                        spec,
                        "--user is for a PROGRAM that is launched; benchmarks of --go-bench run as who builds them");
            }
        } else {
            subject.require(
                    spec, "--function needs a PROGRAM to launch, the --pid of a server with --load, or --go-bench");
        }
        if (runs && load == null) {
            throw wrong(spec, "--pid needs --load, which drives the server while it is traced");
        }
        if (load == null && (ready != null || keep)) {
            throw wrong(
                    spec, (ready != null ? "--ready" : "--keep") + " is about a server; give --load, which drives it");
        }
        Subject.requireLaunched(
                spec,
                runs && (ready != null || keep || stdin != null),
                ready != null ? "--ready" : keep ? "--keep" : "--stdin");
        if (warmups < 0) {
            throw wrong(spec, "--warmup " + warmups + " makes no sense; let it be 0 or more");
        }
        if (stdin != null && !Files.isReadable(stdin)) {
            throw new BadInput("--stdin " + stdin + " cannot be read; name a file that can");
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /**
     * What is measured.
     *
     * @param techniques names of those to measure; empty if nobody chose
     * @param startedNs when the budget began to count, by {@link System#nanoTime()}
     * @param out where {@code results/} is kept; null where it is by default
     * @throws dev.tracetoll.problem.Problem if the program cannot be read or traced
     */
    Measuring measuring(
            CommandSpec spec,
            List<String> techniques,
            RingOptions ring,
            Optional<Integer> rounds,
            Optional<Duration> budget,
            long seed,
            long startedNs,
            Path out) {
        ProgramPlan plan = plan(spec, techniques, ring.choice(ProgramPlan.RING_BYTES), rounds, budget, seed);
        return new OfProgram(plan, new MachinePrices(Invocation.home(out)).kept(), startedNs);
    }

    /** A program of somebody's own. */
    private record OfProgram(ProgramPlan plan, Optional<Prices> prices, long startedNs) implements Measuring {

        @Override
        public RunExperiment experiment() {
            return new ProgramExperiment();
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
            return Tool.libraries();
        }

        @Override
        public void prepareJudge(Path results, Screen screen) {
            // It is measured, not judged.
        }

        @Override
        public Measured measure(Measurement.Progress progress) {
            ProgramMeasurement.Outcome outcome = new ProgramMeasurement(plan, startedNs).run(progress);
            List<Arm> arms = prices.map(known -> new Foretold(plan, known, outcome.counted()))
                    .map(foretold ->
                            outcome.arms().stream().map(foretold::beside).toList())
                    .orElse(outcome.arms());
            return new Measured(
                    arms,
                    experiment().comparisons(arms, plan.seed()),
                    outcome.warnings(),
                    outcome.stopped(),
                    outcome.benchmarks());
        }

        @Override
        public int judge(Run run, Path directory) {
            return 0;
        }
    }

    private ProgramPlan plan(
            CommandSpec spec,
            List<String> techniques,
            RingChoice ring,
            Optional<Integer> rounds,
            Optional<Duration> budget,
            long seed) {
        List<Pattern> patterns = FunctionSelection.compile(functions);
        Optional<RunningProcess> process = subject.process();
        OwnProgram own = process.map(this::running)
                .orElseGet(() -> goBench != null
                        ? goBenchmarks()
                        : subject.launched(spec, Optional.ofNullable(stdin).map(Path::toAbsolutePath)));
        Path file = process.map(each -> each.program().path()).orElse(own.file());
        String name = own.file().toString();
        Set<String> said = new LinkedHashSet<>();
        Set<String> traced = new LinkedHashSet<>();
        ProgramPlan.Planner planner = technique -> plan(technique, file, name, patterns, said, traced);
        return ProgramPlan.of(
                own,
                () -> traced.size() == 1 ? traced.iterator().next() : String.join(" ", functions),
                goVersion(file, name),
                techniques,
                planner,
                ring,
                new RunOptions(
                        Optional.ofNullable(load),
                        Optional.ofNullable(ready).map(Ready::parse),
                        keep || process.isPresent(),
                        Optional.ofNullable(prepare),
                        metrics.stream().map(NamedMetric::parse).toList(),
                        warmups,
                        timeout,
                        ignoreFailure),
                rounds.isPresent() && budget.isEmpty()
                        ? Stopping.rounds(rounds.get())
                        : Stopping.rounds(rounds.orElse(ROUNDS), budget.orElse(BUDGET)),
                seed,
                process);
    }

    private OwnProgram running(RunningProcess process) {
        Path file = Path.of(ProgramFile.name(process.program().path()));
        return new OwnProgram(
                file,
                NativeWords.of(List.of(file.toString())),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Inheritance.ofThisCommand());
    }

    private OwnProgram goBenchmarks() {
        List<String> flags = Stream.concat(subject.program().stream(), subject.arguments().stream())
                .toList();
        return GoTestBinary.build(ProgramPath.find("go"), goBench, benchmarks, flags);
    }

    private String goVersion(Path file, String name) {
        try (GoBinary binary = GoBinary.open(file, name, subject.debugFile(), Techniques.pricing(Technique.EBPF))) {
            return binary.version().toString();
        }
    }

    /** What cannot be seen of functions is said once, not for each technique. */
    private TracePlan plan(
            Technique technique, Path file, String name, List<Pattern> patterns, Set<String> said, Set<String> traced) {
        if (Techniques.facts(technique)
                .mechanism()
                .filter(Mechanism.EBPF::equals)
                .isPresent()) {
            EbpfBackend.require("");
        }
        return FunctionPlan.usual(patterns, subject.debugFile(), !noReturns, technique)
                .of(file, name, selection -> {
                    List<String> lines = new ArrayList<>(selection.refusals());
                    lines.addAll(selection.remarks());
                    lines.stream().filter(said::add).forEach(line -> System.err.println("tracetoll: " + line));
                    selection.functions().forEach(function -> traced.add(function.name()));
                });
    }
}
