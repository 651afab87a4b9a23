package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.Census;
import dev.tracetoll.bench.program.OwnProgram;
import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.bench.program.ProgramPlan;
import dev.tracetoll.experiment.predict.Prediction;
import dev.tracetoll.experiment.predict.PredictionScreen;
import dev.tracetoll.experiment.tune.RingSize;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.ArrivalTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.Arrivals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    /** So many events are traced at the beginning, to see how large they are; no more, as even that costs. */
    private static final long SAMPLE_RECORDS = 500;

    private static final Duration SAMPLE_TIME = Duration.ofSeconds(2);

    private static final int NAMES_SHOWN = 3;

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

    @Mixin
    private Subject subject;

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

    @Override
    public Integer call() {
        subject.require(spec, "give a PROGRAM to launch, or the --pid of a process");
        List<Pattern> patterns = FunctionSelection.compile(functions);
        EbpfBackend.require("");
        Optional<RunningProcess> running = subject.process();
        if (running.isEmpty()) {
            OwnProgram program = subject.launched(spec, Optional.empty());
            return predict(
                    program.file(),
                    subject.program().orElseThrow(),
                    patterns,
                    (tracer, plan) -> Census.of(program, tracer, plan, duration));
        }
        try (RunningProcess process = running.get();
                ProgramFile file = process.program()) {
            return predict(
                    file.path(),
                    ProgramFile.name(file.path()),
                    patterns,
                    (tracer, plan) -> Census.of(process, tracer, plan, duration));
        }
    }

    /** Counts. */
    private interface Counting {
        Census count(Tracer tracer, TracePlan plan);
    }

    /**
     * What a technique would see, as {@code trace} has it.
     *
     * @param plan what it sees itself
     * @param others what it leaves to {@link Fallback#TECHNIQUE}; null if it leaves nothing
     */
    private record Seen(TracePlan plan, @Nullable TracePlan others) {

        Map<String, Prices.OfCall> calls(Technique technique, Prices prices) {
            Map<String, Prices.OfCall> calls = prices.calls(technique, plan);
            if (others != null) {
                prices.calls(Fallback.TECHNIQUE, others)
                        .forEach((function, call) -> calls.merge(function, call, Prices.OfCall::with));
            }
            return calls;
        }
    }

    /** @throws BadInput if the program lacks something for it, or it would see nothing itself */
    private static Seen seen(Technique technique, TracePlan plan) {
        Tracer tracer = Techniques.tracer(technique).orElseThrow();
        tracer.require(plan);
        Map<Integer, String> refusals = tracer instanceof InlineTracer inline ? inline.refusals(plan) : Map.of();
        if (refusals.isEmpty()) {
            return new Seen(plan, null);
        }
        Fallback fallback = Fallback.of(plan, refusals);
        List<String> left =
                fallback.functions().stream().map(TracedFunction::name).sorted().toList();
        System.err.println("tracetoll: " + technique + " leaves "
                + String.join(", ", left.subList(0, Math.min(NAMES_SHOWN, left.size())))
                + (left.size() > NAMES_SHOWN ? " and " + (left.size() - NAMES_SHOWN) + " more" : "")
                + " to eBPF, whole or in part, at eBPF's price");
        return new Seen(fallback.inline(), fallback.others());
    }

    private int predict(Path file, String name, List<Pattern> patterns, Counting counting) {
        Set<String> said = new LinkedHashSet<>();
        Map<Technique, Seen> plans = new LinkedHashMap<>();
        for (Technique technique : ProgramPlan.TECHNIQUES) {
            TracePlan plan = plan(technique, file, name, patterns, said);
            try {
                plans.put(technique, seen(technique, plan));
            } catch (BadInput missing) {
                System.err.println("tracetoll: " + technique + " is left out: " + missing.getMessage());
            }
        }
        TracePlan counted = plan(ProgramMeasurement.COUNTING, file, name, patterns, said);
        MachinePrices known = new MachinePrices(Invocation.home(out));
        Prices prices = (measure ? Optional.<Prices>empty() : known.kept())
                .orElseGet(() -> known.measure(Invocation.seed(seed), progress.line()));
        TracePlan sampled = Objects.requireNonNull(plans.get(Technique.EBPF)).plan;
        ArrivalTracer tracer = new ArrivalTracer(sampled, TracedTarget.DISCARD, SAMPLE_RECORDS, SAMPLE_TIME);
        Census census = counting.count(tracer, counted);
        if (census.calls() == 0) {
            throw new Inconclusive(
                    "None of the " + counted.request().functions().size()
                            + " functions that match was called within " + HumanUnits.duration((double) census.wallNs())
                            + "; choose others, or look longer by --duration");
        }
        Map<Technique, Map<String, Prices.OfCall>> traced = new LinkedHashMap<>();
        plans.forEach((technique, seen) -> traced.put(technique, seen.calls(technique, prices)));
        Prediction prediction = new Prediction(
                census,
                Runtime.getRuntime().availableProcessors(),
                prices,
                prices.calls(ProgramMeasurement.COUNTING, counted),
                traced);
        System.out.print(new PredictionScreen(StandardOutput.screen())
                .render(
                        name,
                        prediction,
                        ring(
                                tracer.observed(),
                                sampled.request().returns(),
                                prices.of(Technique.EBPF).tracerNs())));
        return 0;
    }

    /** Empty if no event was seen whose size could be read. */
    private static Optional<PredictionScreen.Ring> ring(ArrivalTracer.Observed seen, boolean returns, double readNs) {
        if (seen.sampled() == 0) {
            return Optional.empty();
        }
        // Each call is followed by its return, sooner or later.
        Arrivals events = returns ? seen.arrivals().times(2) : seen.arrivals();
        return Optional.of(new PredictionScreen.Ring(
                RingSize.of(events, seen.ns(), seen.recordBytes(), readNs, seen.busyCpus()),
                seen.recordBytes(),
                seen.recordBytes() * events.total() * 1e9 / seen.ns()));
    }

    private TracePlan plan(Technique technique, Path file, String name, List<Pattern> patterns, Set<String> said) {
        return FunctionPlan.usual(patterns, subject.debugFile(), !noReturns, technique)
                .of(
                        file,
                        name,
                        selection -> selection.refusals().stream()
                                .filter(said::add)
                                .forEach(line -> System.err.println("tracetoll: " + line)));
    }
}
