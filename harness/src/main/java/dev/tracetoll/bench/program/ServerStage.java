package dev.tracetoll.bench.program;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a load against a server: against a new one each time, or always against the same one. */
final class ServerStage implements Stage {

    private static final Duration LOOK = Duration.ofMillis(10);

    private final OwnProgram program;
    private final RunOptions options;
    private final String load;
    private final MetricReader metrics;
    private final Path directory = Printed.directory();
    private final Printed serverOutput = new Printed(directory, "program");
    private final Optional<RunningProcess> given;
    /** The one that is kept; null if there is none, or not yet. */
    private @Nullable Launched kept;

    /** @param given a server that is there already; empty if it is launched */
    ServerStage(OwnProgram program, RunOptions options, Optional<RunningProcess> given) {
        this.program = program;
        this.options = options;
        this.load = options.load().orElseThrow();
        this.metrics = new MetricReader(options.metrics(), true);
        this.given = given;
    }

    @Override
    public Sample run(ProgramArm arm, Consumer<String> notices) {
        BatchStage.prepare(options, directory);
        if (given.isPresent()) {
            RunningProcess server = given.get();
            return living(arm, server.pid(), () -> !server.awaitEnd(Duration.ZERO), notices);
        }
        return options.keep() ? ofKept(arm, notices) : ofNew(arm, notices);
    }

    private Sample ofKept(ProgramArm arm, Consumer<String> notices) {
        if (kept == null) {
            Launched server = Launched.start(program, serverOutput);
            kept = server;
            server.resume();
            awaitReady(server, () -> {});
        }
        Launched server = kept;
        return living(arm, server.pid(), () -> server.awaitExit(Duration.ZERO).isEmpty(), notices);
    }

    private Sample living(ProgramArm arm, int pid, BooleanSupplier alive, Consumer<String> notices) {
        Watched watched = Watched.attach(arm, new TracedProcess(pid, false, status -> {}), notices);
        try {
            Loaded loaded = load(pid, watched, alive);
            return sample(loaded, watched, watched.finish(), Optional.empty());
        } catch (RuntimeException | Error e) {
            watched.abandon(e);
            throw e;
        }
    }

    private Sample ofNew(ProgramArm arm, Consumer<String> notices) {
        try (Launched server = Launched.start(program, serverOutput)) {
            Watched watched = Watched.attach(arm, server.traced(), notices);
            try {
                server.resume();
                awaitReady(server, watched::look);
                Loaded loaded = load(
                        server.pid(),
                        watched,
                        () -> server.awaitExit(Duration.ZERO).isEmpty());
                ExitStatus exit = server.stop();
                return sample(loaded, watched, watched.finish(), Optional.of(exit));
            } catch (RuntimeException | Error e) {
                watched.abandon(e);
                throw e;
            }
        } finally {
            serverOutput.delete();
        }
    }

    /** What was measured while the load ran. */
    private record Loaded(
            long wallNs,
            long cpuNs,
            long loadCpuNs,
            long busyNs,
            long tracerCpuNs,
            OptionalLong requests,
            List<Reading> readings,
            Optional<String> failure) {}

    private Loaded load(int pid, Watched watched, BooleanSupplier alive) {
        Printed printed = new Printed(directory, "load");
        try {
            long cpuBeforeNs = ProcessUsage.cpuNs(pid);
            long tracerBeforeNs = watched.tracerCpuNs();
            long endedBeforeNs = ProcessUsage.endedChildrenCpuNs();
            long busyBeforeNs = Census.machineBusyNs();
            long startedNs = System.nanoTime();
            Optional<ExitStatus> exit = new ShellCommand(load, printed).run(Deadline.in(options.timeout()), () -> {
                watched.look();
                return alive.getAsBoolean();
            });
            long wallNs = System.nanoTime() - startedNs;
            long busyNs = Census.machineBusyNs() - busyBeforeNs;
            if (!alive.getAsBoolean()) {
                throw new OperationFailed(
                        "The server ended while the load ran" + serverWords() + "; run it alone to see why");
            }
            if (exit.isEmpty()) {
                throw new TimedOut();
            }
            watched.look();
            List<String> lines = new ArrayList<>(printed.lines());
            OptionalLong requests = LoadGenerators.requests(lines);
            if (given.isEmpty() && metrics.readsTheProgram()) {
                lines.addAll(serverOutput.lines());
            }
            return new Loaded(
                    wallNs,
                    ProcessUsage.cpuNs(pid) - cpuBeforeNs,
                    ProcessUsage.endedChildrenCpuNs() - endedBeforeNs,
                    busyNs,
                    // The difference of two clocks: what a reading of both takes may be more than the tracer did.
                    Math.max(0, watched.tracerCpuNs() - tracerBeforeNs),
                    requests,
                    metrics.read(lines),
                    ShellCommand.succeeded(exit.get())
                            ? Optional.empty()
                            : Optional.of("--load " + exit.get().describe() + printed.lastWords()));
        } finally {
            printed.delete();
        }
    }

    private static Sample sample(Loaded loaded, Watched watched, TraceCounts counts, Optional<ExitStatus> exit) {
        return new Sample(
                loaded.wallNs(),
                loaded.cpuNs(),
                watched.peakBytes(),
                loaded.tracerCpuNs(),
                watched.tracerPeakBytes(),
                counts,
                new Census(watched.called(), loaded.wallNs(), loaded.cpuNs(), loaded.loadCpuNs(), loaded.busyNs()),
                loaded.requests(),
                loaded.readings(),
                List.of(),
                "",
                exit,
                loaded.failure());
    }

    private void awaitReady(Launched server, Runnable look) {
        if (options.ready().isEmpty()) {
            return;
        }
        Ready ready = options.ready().get();
        Deadline deadline = Deadline.in(options.timeout());
        while (!isReady(ready)) {
            look.run();
            if (server.awaitExit(LOOK).isPresent()) {
                throw new OperationFailed(
                        "The server ended before it was ready" + serverWords() + "; run it alone to see why");
            }
            if (deadline.isOver()) {
                throw new OperationFailed("The server was not ready after "
                        + options.timeout().toSeconds() + " s" + serverWords() + "; see whether --ready is right, "
                        + "or choose a longer --timeout");
            }
        }
    }

    private boolean isReady(Ready ready) {
        if (ready instanceof Ready.Port port) {
            return port.open();
        }
        return serverOutput.lines().stream()
                .anyMatch(line -> ((Ready.Line) ready).pattern().matcher(line).find());
    }

    private String serverWords() {
        return given.isPresent() ? "" : serverOutput.lastWords();
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.stop();
            kept.close();
            serverOutput.delete();
        }
    }
}
