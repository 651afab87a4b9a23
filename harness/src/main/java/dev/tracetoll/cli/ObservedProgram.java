package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.tracing.ebpf.ArrivalTracer;
import dev.tracetoll.tracing.format.JsonEvents;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A program of somebody's own, whose calls are counted for a while to see when they come. */
final class ObservedProgram {

    /** The beginning is traced to see how large records are. More of it would hold up a busy program. */
    private static final long SAMPLE_RECORDS = 50_000;

    private static final Duration SAMPLE_TIME = Duration.ofSeconds(2);

    @Option(
            names = "--function",
            paramLabel = "REGEX",
            description =
                    "Count the calls of a program's functions, chosen as by trace, to see when they come; repeatable. Instead of --rate, "
                            + "--arrivals and --threads.")
    private List<String> functions = List.of();

    @Option(
            names = "--no-returns",
            description = "With --function, the program is to be traced without returns (default: with them).")
    private boolean noReturns;

    @Option(
            names = "--duration",
            paramLabel = "D",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "With --function, how long to look, if it does not end before (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Mixin
    private Subject subject;

    /**
     * What was seen.
     *
     * @param name of the program
     * @param seen what it did; empty if it was interrupted
     * @param interrupted the signal that came; empty if none did
     */
    record Observation(String name, ArrivalTracer.Observed seen, OptionalInt interrupted) {

        /** In words, for people. */
        String inWords() {
            return "what " + name + " did, "
                    + HumanUnits.count((double) seen.arrivals().total()) + " calls and returns in "
                    + HumanUnits.duration((double) seen.ns());
        }
    }

    /** Whether a program is to be looked at. */
    boolean given() {
        return !functions.isEmpty();
    }

    /** @throws ParameterException if what was given does not go together */
    void check(CommandSpec spec) {
        if (given()) {
            subject.require(spec, "--function needs a PROGRAM to launch, or the --pid of a process");
        } else if (subject.given()) {
            throw wrong(
                    spec, "whose functions are to be looked at, --function says; give it, or leave out the program");
        } else if (subject.userGiven()) {
            throw wrong(spec, "--user is for a PROGRAM that is launched");
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /**
     * Looks at it.
     *
     * @throws dev.tracetoll.problem.Problem if it cannot be traced
     * @throws Inconclusive if nothing of it was called
     */
    Observation observe(CommandSpec spec) {
        List<Pattern> patterns = FunctionSelection.compile(functions);
        return subject.open(
                spec,
                TraceSubject.Protection.CONTINUED,
                (file, name, starter) -> observe(plan(file, name, patterns), name, starter));
    }

    private TracePlan plan(Path file, String name, List<Pattern> patterns) {
        EbpfBackend.require("");
        return new FunctionPlan(
                        patterns,
                        subject.debugFile(),
                        !noReturns,
                        false,
                        FunctionPlan.MAX_BYTES,
                        FunctionPlan.DEPTH,
                        Emulation.ofThisKernel(),
                        FunctionSelection::underEbpf)
                .of(file, name, selection -> {
                    if (!selection.refusals().isEmpty()) {
                        say(selection.refusals().size()
                                + " functions that match cannot be traced; trace --verbose shows which, and why");
                    }
                });
    }

    private Observation observe(TracePlan plan, String name, Subject.Starter starter) {
        ArrivalTracer tracer = new ArrivalTracer(output(Collecting.EVENTS, plan), SAMPLE_RECORDS, SAMPLE_TIME);
        TraceRun run = new TraceRun(
                tracer,
                plan,
                output(new Collecting(Collected.COUNT, false, true), plan),
                Optional.of(duration),
                Optional.empty(),
                ObservedProgram::say);
        TraceRun.Outcome outcome;
        try (TraceSubject traced = starter.start()) {
            outcome = run.trace(traced);
        }
        ArrivalTracer.Observed seen = tracer.observed();
        if (outcome.interrupted().isEmpty() && seen.arrivals().total() == 0) {
            throw new Inconclusive("None of the " + plan.request().functions().size()
                    + " functions that match was called within " + HumanUnits.duration((double) seen.ns())
                    + ", so there is nothing to size a buffer for; choose others, or look longer by --duration");
        }
        if (!seen.whole()) {
            say("only the first ten minutes were looked at");
        }
        return new Observation(name, seen, outcome.interrupted());
    }

    /** As {@code trace --format json} would write them, to nowhere. */
    private static EventOutput output(Collecting collecting, TracePlan plan) {
        LineQueue lines = new LineQueue(OutputStream.nullOutputStream(), LineQueue.CHUNK_BYTES);
        return new EventOutput(
                new JsonEvents(lines),
                lines,
                Long.MAX_VALUE,
                collecting,
                plan.request().functions(),
                Optional.empty(),
                true);
    }

    private static void say(String message) {
        System.err.println("tracetoll: " + message);
    }
}
