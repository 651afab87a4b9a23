package dev.tracetoll.stress;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.golang.Candidate;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.testing.GoBuilds;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A program of {@code src/test/go}, built with one of the Go toolchains.
 *
 * @param go which Go built it
 * @param path the program
 */
public record TestProgram(Go go, Path path) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The newest and the oldest Go. */
    public enum Go {
        /** The one targets/go.sh chooses. */
        NEWEST(Map.of()),
        OLDEST(Map.of("TRACETOLL_GO", "/usr/lib/go-1.19/bin/go"));

        private final Map<String, String> environment;

        Go(Map<String, String> environment) {
            this.environment = environment;
        }
    }

    /**
     * What a traced run of a program came to.
     *
     * @param output its standard output
     * @param exit how it ended, in words
     * @param counts the tracer's
     * @param totals the tracer's
     */
    public record Run(String output, String exit, TraceCounts counts, List<FunctionTotal> totals) {}

    public static TestProgram build(Go go, String name, Path directory) {
        return build(go, Map.of(), name, directory);
    }

    static TestProgram build(Go go, Map<String, String> environment, String name, Path directory) {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        Path program = directory.resolve(name + "-" + go.name().toLowerCase(java.util.Locale.ROOT));
        Map<String, String> settings = new HashMap<>(go.environment);
        settings.putAll(environment);
        GoBuilds.build(
                GoBuilds.ofTargets(),
                settings,
                home,
                List.of(home.resolve("harness/src/test/go")
                        .resolve(name)
                        .resolve("main.go")
                        .toString()),
                program);
        return new TestProgram(go, program);
    }

    /** What to trace of it. */
    public TracePlan plan(int maxBytes, int depth, String... functions) {
        return plan(true, maxBytes, depth, functions);
    }

    public TracePlan plan(boolean returns, int maxBytes, int depth, String... functions) {
        SitePricing pricing = Emulation.ofThisKernel();
        try (GoBinary binary = GoBinary.open(path, pricing)) {
            return new TracePlan(
                    new TraceRequest(
                            path,
                            Stream.of(functions).map(binary::function).toList(),
                            binary.runtimeLayout(),
                            binary.types(),
                            returns,
                            maxBytes,
                            depth),
                    pricing);
        }
    }

    /** To trace every function that can be; {@code refused} is told the others. */
    TracePlan everything(Consumer<Candidate.Untraceable> refused) {
        SitePricing pricing = Emulation.ofThisKernel();
        try (GoBinary binary = GoBinary.open(path, pricing)) {
            List<TracedFunction> functions = new ArrayList<>();
            for (Candidate candidate : binary.matching(name -> true)) {
                if (candidate instanceof Candidate.Traceable traceable) {
                    functions.add(traceable.function());
                } else {
                    refused.accept((Candidate.Untraceable) candidate);
                }
            }
            return new TracePlan(
                    new TraceRequest(path, functions, binary.runtimeLayout(), binary.types(), true, 64, 1), pricing);
        }
    }

    /** Runs it untraced to its end. */
    Run run(Path output, Map<String, String> environment, String... arguments) {
        return run(output, environment, arguments, false, child -> Optional.empty());
    }

    /** Runs it traced from its first instruction to its end. */
    Run trace(
            Technique technique,
            TracePlan plan,
            EventSink sink,
            Path output,
            Map<String, String> environment,
            String... arguments) {
        return trace(Techniques.tracer(technique).orElseThrow(), plan, sink, output, environment, arguments);
    }

    public Run trace(
            Tracer tracer,
            TracePlan plan,
            EventSink sink,
            Path output,
            Map<String, String> environment,
            String... arguments) {
        return trace(tracer, plan, sink, child -> {}, output, environment, arguments);
    }

    /** The same, while something else is done to it. */
    Run trace(
            Tracer tracer,
            TracePlan plan,
            EventSink sink,
            Consumer<ChildProcess> meanwhile,
            Path output,
            Map<String, String> environment,
            String... arguments) {
        return run(output, environment, arguments, true, child -> {
            TraceSession session = tracer.attach(plan, new TracedProcess(child.pid(), true, child::reaped), sink);
            try (session) {
                child.resume();
                meanwhile.accept(child);
                awaitEnd(child);
            }
            return Optional.of(session);
        });
    }

    private interface During {
        Optional<TraceSession> trace(ChildProcess child);
    }

    private Run run(
            Path output, Map<String, String> environment, String[] arguments, boolean stopBeforeExec, During during) {
        try (ChildProcess child = ChildProcess.spawn(new Launch(
                path,
                List.of(arguments),
                environment,
                Redirect.NULL,
                new Redirect.File(output),
                Redirect.INHERIT,
                stopBeforeExec))) {
            Optional<TraceSession> session = during.trace(child);
            String exit = awaitEnd(child);
            return new Run(
                    Files.readString(output, StandardCharsets.UTF_8),
                    exit,
                    session.map(TraceSession::counts).orElse(new TraceCounts(0, 0, 0, 0, 0)),
                    session.map(TraceSession::totals).orElse(List.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String awaitEnd(ChildProcess child) {
        return child.awaitExit(PATIENCE)
                .orElseThrow(() -> new AssertionError(path + " has not ended in time"))
                .describe();
    }

    @Override
    public String toString() {
        return path.getFileName().toString();
    }
}
