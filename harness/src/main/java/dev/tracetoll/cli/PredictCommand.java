package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.prices.PriceMeasurement;
import dev.tracetoll.bench.prices.PriceStore;
import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.Census;
import dev.tracetoll.bench.program.OwnProgram;
import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.bench.program.ProgramPlan;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.EnvironmentProbe;
import dev.tracetoll.environment.LoadSample;
import dev.tracetoll.experiment.predict.Load;
import dev.tracetoll.experiment.predict.Prediction;
import dev.tracetoll.experiment.predict.PredictionScreen;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tracetoll predict}: what tracing functions of a program would cost, before it is traced. */
@Command(
        name = "predict",
        description = "Say what tracing functions of a program would cost it, before anything of it is traced.",
        footer = {
            "",
            "Counts the calls in the kernel for a while, and multiplies them by what a call costs on this machine under each technique. Those "
                    + "prices are kept in results/, and measured within 20 seconds if they are not there.",
            "A program that is launched is asked to end by SIGTERM when the time is up.",
            "",
            "Exits 4 if none of the functions was called."
        })
final class PredictCommand implements Callable<Integer> {

    private static final int MAX_BYTES = 64;
    private static final int DEPTH = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-f", "--function"},
            paramLabel = "REGEX",
            required = true,
            description = "The functions that are to be traced, chosen as by trace; repeatable.")
    private List<String> functions;

    @Option(
            names = "--duration",
            paramLabel = "D",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long to count, if the program does not end before (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(names = "--no-returns", description = "Returns are not to be traced (default: they are).")
    private boolean noReturns;

    @Option(
            names = {"-p", "--pid"},
            paramLabel = "PID",
            description = "A process that is running already.")
    private Integer pid;

    @Option(
            names = "--debug-file",
            paramLabel = "FILE",
            description = "Where the program's debugging information is, as for trace.")
    private Path debugFile;

    @Option(names = "--measure", description = "Measure the prices anew, also if they are in results/.")
    private boolean measure;

    @Option(names = "--out", paramLabel = "DIR", description = "Where results/ is kept (default: this clone).")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the order in which prices are measured (default: random).")
    private Long seed;

    @Mixin
    private ProgressOption progress;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PROGRAM", description = "The program to launch.")
    private String program;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Its arguments.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        if ((pid == null) == (program == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    pid == null
                            ? "give a PROGRAM to launch, or the --pid of a process"
                            : "give either --pid or a PROGRAM, not both");
        }
        List<Pattern> patterns = FunctionSelection.compile(functions);
        EbpfBackend.require("");
        if (pid == null) {
            Path file = ProgramPath.find(program).toAbsolutePath();
            return predict(
                    file,
                    program,
                    patterns,
                    plan -> Census.of(
                            new OwnProgram(
                                    file,
                                    Invocation.typed(spec, program, arguments),
                                    arguments,
                                    Optional.empty(),
                                    Optional.empty()),
                            Techniques.tracer(ProgramMeasurement.COUNTING).orElseThrow(),
                            plan,
                            duration));
        }
        try (RunningProcess process = RunningProcess.of(pid);
                ProgramFile file = process.program()) {
            return predict(
                    file.path(),
                    ProgramFile.name(file.path()),
                    patterns,
                    plan -> Census.of(
                            process,
                            Techniques.tracer(ProgramMeasurement.COUNTING).orElseThrow(),
                            plan,
                            duration));
        }
    }

    /** Counts. */
    private interface Counting {
        Census count(TracePlan plan);
    }

    private int predict(Path file, String name, List<Pattern> patterns, Counting counting) {
        Set<String> said = new LinkedHashSet<>();
        Map<Technique, TracePlan> plans = new LinkedHashMap<>();
        for (Technique technique : ProgramPlan.TECHNIQUES) {
            plans.put(technique, plan(technique, file, name, patterns, said));
        }
        TracePlan counted = plan(ProgramMeasurement.COUNTING, file, name, patterns, said);
        EnvironmentProbe probe = new EnvironmentProbe();
        Prices prices = prices(probe.read(Environment.UNKNOWN, Map.of()).fingerprint());
        LoadSample before = probe.load();
        Census census = counting.count(counted);
        LoadSample after = probe.load();
        if (census.calls() == 0) {
            throw new Inconclusive(
                    "None of the " + counted.request().functions().size()
                            + " functions that match was called within " + HumanUnits.duration((double) census.wallNs())
                            + "; choose others, or look longer by --duration");
        }
        Load load = new Load(
                (double) census.cpuNs() / census.wallNs(),
                (double) (after.busyNs() - before.busyNs()) / (after.cpuNs() - before.cpuNs()),
                Runtime.getRuntime().availableProcessors());
        Map<Technique, Map<String, Prices.OfCall>> calls = new LinkedHashMap<>();
        plans.forEach((technique, plan) -> calls.put(technique, prices.calls(technique, plan)));
        System.out.print(new PredictionScreen(StandardOutput.screen())
                .render(new Prediction(name, census, load, prices, calls)));
        return 0;
    }

    private Prices prices(String fingerprint) {
        PriceStore store = new PriceStore(Invocation.home(out).resolve("results"));
        Optional<Prices> known = measure ? Optional.empty() : store.newest(fingerprint);
        if (known.isPresent()) {
            return known.get();
        }
        System.err.println("tracetoll: measuring what a call costs on this machine under each technique");
        ProgressLine line = progress.line();
        try {
            Prices prices = PriceMeasurement.measure(fingerprint, Invocation.seed(seed), line::ofRun);
            store.save(prices);
            return prices;
        } finally {
            line.clear();
        }
    }

    private TracePlan plan(Technique technique, Path file, String name, List<Pattern> patterns, Set<String> said) {
        return new FunctionPlan(
                        patterns,
                        Optional.ofNullable(debugFile),
                        !noReturns && Techniques.facts(technique).returns(),
                        false,
                        MAX_BYTES,
                        DEPTH,
                        Techniques.pricing(technique),
                        selection -> selection)
                .of(
                        file,
                        name,
                        selection -> selection.refusals().stream()
                                .filter(said::add)
                                .forEach(line -> System.err.println("tracetoll: " + line)));
    }
}
