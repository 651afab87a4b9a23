package dev.tracetoll.bench;

import dev.tracetoll.linux.ProcessUsage;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Placement;
import dev.tracetoll.target.TargetProgram;
import dev.tracetoll.tracing.TraceCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * The measurement: bursts of calls of a Go function under a technique. JMH's own score is the wall time of a request of {@code bursts}
 * bursts as the harness sees it; what the target's clock says of each burst are the secondary results of {@link TargetTimes} and, whole,
 * the round's sample.
 *
 * <p>A trial is one round of one arm: it starts with a fresh target, and leaves its sample to {@link #takeSample}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BurstBenchmark {

    /** Tells an A/A pair apart, which differs in nothing else. */
    @Param("untraced")
    public String arm;

    @Param("untraced")
    public String technique;

    @Param("calls")
    public String target;

    @Param("200")
    public int calls;

    @Param("1")
    public int bursts;

    /** The target's command line, a word a blank; {@link #NO_ARGUMENTS} for none, since JMH takes no empty parameter. */
    @Param(NO_ARGUMENTS)
    public String arguments;

    @Param("UNPINNED")
    public Placement placement;

    @Param("1")
    public int probedFunctions;

    @Param("64")
    public int maxBytes;

    static final String NO_ARGUMENTS = "none";

    /** What the latest trial left. JMH lets a benchmark return no more than its score. */
    private static RoundSample sample;
    private static Throwable problem;

    private TracedTarget traced;
    private boolean measuring;
    private int warmupBursts;
    private final List<Long> durationsNs = new ArrayList<>();
    private EventCounts callEvents = EventCounts.NONE;
    private EventCounts returnEvents = EventCounts.NONE;
    private long targetCpuNs;
    private long tracerCpuNs;

    /** Launches the target and attaches the tracer. */
    @Setup(Level.Trial)
    public void launch() {
        // Otherwise the peak would be that of the arms before this one.
        ProcessUsage.resetOwnPeak();
        List<String> words = arguments.equals(NO_ARGUMENTS) ? List.of() : List.of(arguments.split(" "));
        reporting(() -> traced = TracedTarget.launch(Techniques.named(technique), TargetProgram.of(target), words, placement,
                new TracedTarget.Probes(probedFunctions, maxBytes), TracedTarget.DISCARD));
    }

    /** Notes whether the iteration counts. */
    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) {
        measuring = iteration.getType() == IterationType.MEASUREMENT;
    }

    /** One request. */
    @Benchmark
    public TracedTarget.Measured burst() {
        return reporting(() -> {
            TracedTarget.Measured measured = traced.burst(bursts, calls);
            note(measured);
            return measured;
        });
    }

    private void note(TracedTarget.Measured measured) {
        TargetTimes.show(measured);
        if (!measuring) {
            warmupBursts += bursts;
            return;
        }
        for (long durationNs : measured.burst().durationsNs()) {
            durationsNs.add(durationNs);
        }
        targetCpuNs += measured.burst().cpuNs();
        tracerCpuNs += measured.tracerCpuNs();
        if (traced.byPeer()) {
            return;
        }
        long made = measured.burst().callsMade();
        TraceCounts events = measured.events();
        callEvents = callEvents.plus(new EventCounts(traced.tracesCalls() ? made : 0, events.calls(), events.lostCalls()));
        returnEvents = returnEvents.plus(new EventCounts(traced.tracesReturns() ? made : 0, events.returns(), events.lostReturns()));
    }

    /** All calls count, those of the warm-up too. What a peer did not report is lost; what it reported too much makes it wrong. */
    private void noteReported(TraceCounts reported) {
        callEvents = ofPeer(reported.calls());
        returnEvents = traced.tracesReturns() ? ofPeer(reported.returns()) : EventCounts.NONE;
    }

    private EventCounts ofPeer(long seen) {
        return new EventCounts(traced.callsMade(), seen, Math.max(0, traced.callsMade() - seen));
    }

    /** Detaches, ends the target and leaves the sample. */
    @TearDown(Level.Trial)
    public void finish() {
        reporting(() -> {
            String function = traced.target().greeting().functions().get(0);
            long targetPeakBytes = traced.targetPeakBytes();
            long tracerPeakBytes = traced.tracerPeakBytes();
            int threads = ProcessUsage.threads(traced.target().pid());
            if (traced.byPeer()) {
                noteReported(traced.endPeer());
            }
            RoundSample whole = new RoundSample(function, traced.target().greeting().goVersion(), warmupBursts,
                    durationsNs, callEvents, returnEvents, targetCpuNs, tracerCpuNs, targetPeakBytes,
                    tracerPeakBytes, threads, traced.sites());
            traced.close();
            leave(whole);
            return whole;
        });
    }

    private static synchronized void leave(RoundSample whole) {
        sample = whole;
    }

    /** Of several failures the first is the cause of the others. */
    private static synchronized void leave(Throwable failure) {
        if (problem == null) {
            problem = failure;
        }
    }

    /**
     * The sample of the trial that has ended.
     *
     * @throws RuntimeException what ended it before its time
     */
    static synchronized RoundSample takeSample() {
        RoundSample taken = sample;
        Throwable failure = problem;
        sample = null;
        problem = null;
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return taken;
    }

    /** A failure ends the trial, and the target with it. */
    private <T> T reporting(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            leave(e);
            if (traced != null) {
                try {
                    traced.close();
                } catch (RuntimeException suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            throw e;
        }
    }
}
