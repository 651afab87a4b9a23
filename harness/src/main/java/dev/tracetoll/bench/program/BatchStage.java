package dev.tracetoll.bench.program;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.tracing.TraceCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Runs a program that ends by itself. */
final class BatchStage implements Stage {

    private static final Duration LONGEST_LOOK = Duration.ofMillis(20);
    /** Of the time that a run has taken, to wait until it is looked at again: so much is missed at most of what memory it takes at its end. */
    private static final int SHARE_OF_LOOK = 10;

    private final OwnProgram program;
    private final RunOptions options;
    private final MetricReader metrics;
    private final Path directory = Printed.directory();

    BatchStage(OwnProgram program, RunOptions options) {
        this.program = program;
        this.options = options;
        this.metrics = new MetricReader(options.metrics(), false);
    }

    @Override
    public Sample run(ProgramArm arm, Consumer<String> notices) {
        prepare(options, directory);
        Printed printed = new Printed(directory, "program");
        long endedBeforeNs = ProcessUsage.endedChildrenCpuNs();
        try (Launched launched = Launched.start(program, printed)) {
            Watched watched = Watched.attach(arm, launched.traced(), notices);
            try {
                long busyBeforeNs = Census.machineBusyNs();
                long startedNs = System.nanoTime();
                launched.resume();
                ExitStatus exit = awaitExit(launched, watched, startedNs);
                long wallNs = System.nanoTime() - startedNs;
                long busyNs = Census.machineBusyNs() - busyBeforeNs;
                TraceCounts counts = watched.finish();
                long tracerCpuNs = watched.tracerCpuNs();
                launched.end();
                List<String> lines = printed.lines();
                List<Reading> readings = metrics.read(lines);
                long cpuNs = ProcessUsage.endedChildrenCpuNs() - endedBeforeNs;
                return new Sample(
                        wallNs,
                        cpuNs,
                        watched.peakBytes(),
                        tracerCpuNs,
                        watched.tracerPeakBytes(),
                        counts,
                        new Census(watched.called(), wallNs, cpuNs, 0, busyNs),
                        OptionalLong.empty(),
                        readings,
                        GoBenchmarkLines.of(lines),
                        printed.digest(readings.isEmpty() ? Optional.empty() : Optional.of(metrics::hasFigure)),
                        Optional.of(exit),
                        ShellCommand.succeeded(exit)
                                ? Optional.empty()
                                : Optional.of(exit.describe() + printed.lastWords()));
            } catch (RuntimeException | Error e) {
                watched.abandon(e);
                throw e;
            }
        } finally {
            printed.delete();
        }
    }

    /** Runs what is to be run before each run. */
    static void prepare(RunOptions options, Path directory) {
        options.prepare().ifPresent(command -> {
            Printed printed = new Printed(directory, "prepare");
            try {
                new ShellCommand(command, printed).require("--prepare", options.timeout());
            } finally {
                printed.delete();
            }
        });
    }

    private ExitStatus awaitExit(Launched launched, Watched watched, long startedNs) {
        Deadline deadline = Deadline.in(options.timeout());
        while (true) {
            watched.look();
            Duration look = Duration.ofNanos(Math.max(
                    1_000_000, Math.min(LONGEST_LOOK.toNanos(), (System.nanoTime() - startedNs) / SHARE_OF_LOOK)));
            Optional<ExitStatus> exit = launched.awaitExit(look);
            if (exit.isPresent()) {
                return exit.get();
            }
            if (deadline.isOver()) {
                throw new TimedOut();
            }
        }
    }

    @Override
    public void close() {
        // Each run ends what it has started; the directory goes with this process.
    }
}
