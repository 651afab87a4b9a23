package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.linux.file.Terminal;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.TerminalStyle;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.format.EventWriter;
import dev.tracetoll.tracing.format.JsonEvents;
import dev.tracetoll.tracing.format.TextEvents;
import dev.tracetoll.tracing.guard.Budget;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tracetoll trace}: shows the calls of functions of a Go program, with arguments and results, as they happen. */
@Command(
        name = "trace",
        description = "Show calls of Go functions with their arguments and results, as they happen.",
        footer = {
            "",
            "Events and the summary go to standard output; the program keeps its own standard streams.",
            "A launched program whose tracing has ended runs on to its end, which is waited for. Ctrl-C, SIGTERM and SIGHUP end "
                    + "tracing and reach a launched program too; a second one kills it, and leaves what was not read yet.",
            "",
            "Exits 0 however the program ended (the summary says how); 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."
        })
final class TraceCommand implements Callable<Integer> {

    /** Formats of the output. */
    enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final int ENDED_BY_SIGNAL = 128;
    private static final int LINES_SHOWN = 10;
    private static final String ALL_RETURNS = "all";
    private static final String EMULATED_RETURNS = "emulated";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-b", "--backend"},
            paramLabel = "ebpf|ptrace|inline|ebpf-patched",
            defaultValue = "ebpf",
            description =
                    "How to trace: by probes of the kernel's, by breakpoints, by jumps into code within the program, which costs least, changes "
                            + "the program's code in memory, and leaves what is behind interfaces and in maps to the kernel's probes, or by jumps to probes of the "
                            + "kernel's, which cost no trap there since Linux 6.18 (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Option(
            names = {"-f", "--function"},
            paramLabel = "REGEX",
            required = true,
            description =
                    "Trace the functions whose name, as the linker has it, this regular expression is found in; repeatable. ^ and $ anchor it.")
    private List<String> functions;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "For people, or one JSON object a line (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file, as it happens, instead of standard output.")
    private Path output;

    @Option(
            names = {"-s", "--max-bytes"},
            paramLabel = "N",
            defaultValue = "" + FunctionPlan.MAX_BYTES,
            description = "How many bytes of a string, slice or map to show at most (default: ${DEFAULT-VALUE}).")
    private int maxBytes;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "" + FunctionPlan.DEPTH,
            description = "How many pointers to follow, one after the other (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(
            names = {"-c", "--summary-only"},
            description =
                    "Show no calls, but at the end a table of the functions: calls, total time, mean, percentiles, errors. The same as --collect "
                            + "durations or, with --no-returns, --collect count.")
    private boolean summaryOnly;

    @Option(
            names = {"-C", "--summary"},
            description = "Show that table beside the calls.")
    private boolean summary;

    @Option(
            names = "--collect",
            paramLabel = "WHAT",
            description =
                    "Collect all (arguments, results and durations of each call), arguments (of each call), or, for a table of the functions and "
                            + "where the calls are: durations and errors (durations), how many calls (count), or nothing (to see "
                            + "what the probes alone cost). Default: all.")
    private Collected collect;

    @Option(
            names = "--no-returns",
            description = "Show calls only, without results and durations; the same as --collect arguments.")
    private boolean noReturns;

    @Option(
            names = "--returns",
            paramLabel = "all|emulated",
            defaultValue = "all",
            description =
                    "Show all returns, or under eBPF only those of functions whose return sites are cheap (default: ${DEFAULT-VALUE}).")
    private String returns;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Stop after N calls; their returns are awaited for a second.")
    private Long limit;

    @Option(
            names = "--sample",
            paramLabel = "1/N",
            converter = SampleConverter.class,
            description = "Trace only one of N goroutines, or calls, chosen at random; what is left out is counted.")
    private SampleConverter.OneOf sample;

    @Option(
            names = "--sample-by",
            paramLabel = "goroutine|call",
            description =
                    "What --sample chooses: goroutines, of which every call is seen, or each call by itself, with its return (default: goroutine).")
    private Sampling.By sampleBy;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "Stop after this time, for example 500ms, 10s or 2m.")
    private Duration duration;

    @Option(
            names = "--no-fallback",
            description =
                    "Leave out what --backend inline cannot see: functions that cannot be patched, and values that it does not follow. "
                            + "Otherwise eBPF sees these, function by function, which costs what it costs under --backend ebpf.")
    private boolean noFallback;

    @Mixin
    private BudgetOption budget;

    @Mixin
    private RingOptions ring;

    @Mixin
    private Subject subject;

    @Option(
            names = "--kill-on-exit",
            description =
                    "Let a launched program die if this command is killed, by SIGKILL or for want of memory; otherwise it runs on untraced.")
    private boolean killOnExit;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say of every function what cannot be seen, not only of the first " + LINES_SHOWN + ".")
    private boolean verbose;

    @Override
    public Integer call() {
        checkUsage();
        List<Pattern> patterns = FunctionSelection.compile(functions);
        return subject.open(spec, protection(), (file, name, starter) -> {
            Optional<Destination> destination = destination(file);
            return trace(prepare(file, name, patterns), destination, starter);
        });
    }

    /** To be asked for before anything is read or said: what must not be written to has nothing to do with what can be traced. */
    private Optional<Destination> destination(Path program) {
        return Optional.ofNullable(output).map(name -> Destination.of(name, program));
    }

    private TraceSubject.Protection protection() {
        if (killOnExit) {
            return TraceSubject.Protection.KILLED;
        }
        return backend().protection();
    }

    private void checkUsage() {
        subject.require(spec, "give a PROGRAM to launch, or the --pid of a process");
        Subject.requireLaunched(spec, killOnExit && subject.runs(), "--kill-on-exit");
        if (Backends.named(backend).isEmpty()) {
            throw wrong("No backend " + backend + "; there are " + Backends.names());
        }
        if (!returns.equals(ALL_RETURNS) && !returns.equals(EMULATED_RETURNS)) {
            throw wrong("No --returns " + returns + "; there are " + ALL_RETURNS + " and " + EMULATED_RETURNS);
        }
        if (returns.equals(EMULATED_RETURNS)
                && (!collected().returns() || !backend().hasCheapReturns())) {
            throw wrong(
                    "--returns " + EMULATED_RETURNS + " chooses among the returns that --backend ebpf shows; leave out "
                            + (noReturns
                                    ? "--no-returns"
                                    : !collected().returns() ? "--collect " + collect : "it, or --backend " + backend));
        }
        if (limit != null && limit < 1) {
            throw wrong("--limit " + limit + " makes no sense; let it be 1 or more");
        }
        if (noFallback && !backend().fallsBack()) {
            throw wrong("--no-fallback is about what --backend inline leaves to eBPF; " + backend
                    + " leaves nothing to another");
        }
        checkCollect();
        checkSample();
        checkRing();
        if (maxBytes < 0) {
            throw wrong("--max-bytes " + maxBytes + " makes no sense; let it be 0 or more");
        }
        if (depth < 0) {
            throw wrong("--depth " + depth + " makes no sense; let it be 0 or more");
        }
    }

    private void checkCollect() {
        if (noReturns && collect != null && collect != Collected.ARGUMENTS) {
            throw wrong("--no-returns means --collect arguments, and does not go with --collect " + collect);
        }
        if (summaryOnly && summary) {
            throw wrong("--summary-only shows no calls that a --summary could be beside; leave one out");
        }
        if (summary && !collected().events()) {
            throw wrong("--summary is beside the calls, and --collect " + collect
                    + " shows none; leave it out, as the table is shown anyway");
        }
        if (collected() == Collected.NOTHING) {
            if (summaryOnly) {
                throw wrong("--summary-only has nothing to show of --collect nothing; leave one out");
            }
            if (!backend().hasTotals()) {
                throw wrong("--collect nothing needs --backend ebpf or inline; with " + backend
                        + " there are count and more");
            }
            if (budget.given()) {
                throw wrong(
                        "--max-overhead needs hits that are counted, and --collect nothing counts none; leave one out");
            }
            if (limit != null) {
                throw wrong(
                        "--limit needs calls that are counted, and --collect nothing counts none; use --duration or Ctrl-C");
            }
        }
    }

    private void checkSample() {
        if (sample == null) {
            if (sampleBy != null) {
                throw wrong("--sample-by says what --sample 1/N chooses; give that as well");
            }
            return;
        }
        if (collected() == Collected.NOTHING || collected() == Collected.COUNT) {
            throw wrong("--sample spares the work that a call makes, and to choose takes longer than "
                    + "to count; leave it out, or have durations collected");
        }
        if (sampleBy == Sampling.By.CALL && !backend().choosesCalls()) {
            throw wrong("--sample-by call cannot be done by --backend " + backend
                    + "; choose goroutines, or another backend");
        }
    }

    private void checkRing() {
        ring.given().ifPresent(option -> {
            if (!backend().hasRing()) {
                throw wrong(option + " is about the ring buffer of --backend ebpf; with " + backend + " there is none");
            }
            if (collecting(collected().returns()).inPlace()) {
                throw wrong(option + " is about events that wait to be read, and "
                        + (summaryOnly ? "--summary-only" : "--collect " + collect) + " makes none");
            }
        });
    }

    /** It is known to be there once the usage has been checked. */
    private Backend backend() {
        return Backends.named(backend).orElseThrow();
    }

    private Collected collected() {
        Collected wished = collect != null ? collect : noReturns ? Collected.ARGUMENTS : Collected.ALL;
        return summaryOnly ? wished.withoutEvents() : wished;
    }

    /**
     * What is added up is added up where the calls are, if that can be; but nobody sees there how many calls there were in all.
     *
     * @param more whether more is wanted than how many calls there were and how long they took
     */
    private Collecting collecting(boolean more) {
        boolean can = more ? backend().hasWholeTotals() : backend().hasTotals();
        return new Collecting(collected(), summary, !collected().events() && can && limit == null);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Sampling sampling() {
        return new Sampling(
                sampleBy != null ? sampleBy : Sampling.By.GOROUTINE, sample.number(), new SecureRandom().nextLong());
    }

    /** All that is known before the process is touched. */
    private record Prepared(
            TracePlan plan,
            Tracer tracer,
            Optional<Fallback> fallback,
            Collecting collecting,
            Optional<Budget> budget) {}

    /** @param name what people call the program */
    private Prepared prepare(Path program, String name, List<Pattern> patterns) {
        FunctionPlan wished = new FunctionPlan(
                patterns,
                subject.debugFile(),
                collected().returns(),
                returns.equals(EMULATED_RETURNS),
                maxBytes,
                depth,
                backend().pricing(),
                collected().events() ? backend()::selection : FunctionSelection::forTotals);
        Tracer[] tracer = new Tracer[1];
        Collecting[] collecting = new Collecting[1];
        TracePlan plan = wished.of(program, name, selection -> {
            // Whether this machine can trace at all is to be known before what cannot be seen of functions.
            collecting[0] = collecting(collected().returns()
                    && (sample != null
                            || ring.given().isPresent()
                            || selection.functions().stream()
                                    .anyMatch(function -> !function.errors().isEmpty())));
            budget.check(selection.functions().size(), backend());
            tracer[0] = backend().tracer(collecting[0], ring, TraceCommand::say);
            report(selection);
        });
        Traceable traceable = noFallback
                ? backend().alone(plan, tracer[0], collecting[0])
                : backend().fallingBack(plan, tracer[0], collecting[0], ring, TraceCommand::say);
        traceable.fallback().ifPresent(this::report);
        TracePlan sampled = sample == null ? traceable.plan() : traceable.plan().sampled(sampling());
        return new Prepared(
                budget.given() ? sampled.forGuard() : sampled,
                traceable.tracer(),
                traceable.fallback(),
                collecting[0],
                budget.of(plan, traceable.prices(), TraceCommand::say));
    }

    private void report(Fallback fallback) {
        budget.checkFallback(fallback.functions().size());
        report(fallback.notices(), "functions that are not, or not wholly, traced inline");
        if (collected().events()) {
            report(
                    new FunctionSelection(List.copyOf(fallback.functions()), List.of(), List.of())
                            .underEbpf()
                            .remarks(),
                    "remarks on functions that are traced by eBPF");
        }
    }

    private void report(FunctionSelection selection) {
        report(selection.refusals(), "functions that match cannot be traced");
        report(selection.remarks(), "remarks on functions that are traced");
    }

    private void report(List<String> lines, String what) {
        int shown = verbose ? lines.size() : Math.min(lines.size(), LINES_SHOWN);
        lines.subList(0, shown).forEach(TraceCommand::say);
        if (shown < lines.size()) {
            say("and " + (lines.size() - shown) + " more " + what + "; --verbose shows them");
        }
    }

    private static void say(String message) {
        System.err.println("tracetoll: " + message);
    }

    private int trace(Prepared prepared, Optional<Destination> destination, Subject.Starter starter) {
        try (TraceOutputFile file = TraceOutputFile.open(destination)) {
            LineQueue lines = new LineQueue(file.stream(), file.pieceBytes());
            EventOutput events = new EventOutput(
                    writer(lines),
                    lines,
                    limit != null ? limit : Long.MAX_VALUE,
                    prepared.collecting(),
                    prepared.plan().request().functions(),
                    prepared.fallback(),
                    !prepared.tracer().holdsThreads());
            TraceRun run = new TraceRun(
                    prepared.tracer(),
                    prepared.plan(),
                    events,
                    Optional.ofNullable(duration),
                    prepared.budget(),
                    TraceCommand::say);
            TraceRun.Outcome outcome;
            try (TraceSubject traced = starter.start()) {
                outcome = run.trace(traced);
            }
            if (outcome.unread()) {
                return exitCode(outcome);
            }
            if (outcome.lost() > 0) {
                say(outcome.lost()
                        + " events were lost, because the program was faster than they could be written and read; "
                        + remedy(outcome.sufficientRingBytes()));
            }
            if (events.unmeasured() > 0) {
                say(events.unmeasured()
                        + " calls have no duration, because too many were open at a time; trace fewer functions");
            }
            if (events.failure() != null && !file.readerIsGone()) {
                throw file.failed(events.failure());
            }
            return exitCode(outcome);
        }
    }

    /** @param ringBytes that would have done, if the ring buffer was too small */
    private static String remedy(OptionalLong ringBytes) {
        if (ringBytes.isEmpty()) {
            return "trace fewer functions";
        }
        return ringBytes.getAsLong() > RingOptions.LARGEST
                ? "no ring buffer is large enough for that, so trace fewer functions"
                : "use --ring-size " + ByteSize.typed(ringBytes.getAsLong())
                        + ", which would have been enough this time, or trace fewer functions";
    }

    /** As shells have it for what a signal has ended. */
    private static int exitCode(TraceRun.Outcome outcome) {
        return outcome.interrupted().isPresent()
                ? ENDED_BY_SIGNAL + outcome.interrupted().getAsInt()
                : 0;
    }

    private EventWriter writer(LineQueue lines) {
        if (format == Format.JSON) {
            return new JsonEvents(lines);
        }
        boolean terminal = output == null && Terminal.is(Terminal.STDOUT);
        boolean coloured = TerminalStyle.of(terminal, System.getenv()) == TerminalStyle.COLOURED;
        // On Linux, nanoTime is CLOCK_MONOTONIC, which events are stamped with.
        return new TextEvents(
                lines, coloured, LocalTime.now(ZoneId.systemDefault()).toNanoOfDay() - System.nanoTime());
    }
}
