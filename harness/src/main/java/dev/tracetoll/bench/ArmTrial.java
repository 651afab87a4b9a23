package dev.tracetoll.bench;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One arm in one round: a run of JMH with a fresh target, which goes on only while it is the arm's turn. What JMH does between its iterations
 * belongs to the turn before it, so that it disturbs nobody else's.
 */
final class ArmTrial {

    /** JMH makes the benchmark itself, in a thread that it starts from the one that runs it. */
    private static final InheritableThreadLocal<ArmTrial> CURRENT = new InheritableThreadLocal<>();

    /** An iteration waits for its turn, and there may be other arms that take long. */
    private static final TimeValue PATIENCE = new TimeValue(1, TimeUnit.DAYS);

    private final ArmSpec arm;
    private final RingChoice ring;
    private final TargetProgram program;
    private final long jvmBytes;

    @SuppressWarnings("NullAway.Init") // There are turns once it runs, in which all else is done.
    private Turns<ArmSpec> turns;

    @SuppressWarnings("NullAway.Init") // JMH launches it before it does anything else.
    private TracedTarget traced;

    @SuppressWarnings("NullAway.Init") // JMH asks for it after a request.
    private TracedTarget.Measured latest;

    private boolean measuring;
    private int warmupBursts;
    private final List<Bursts> bursts = new ArrayList<>();
    private EventCounts callEvents = EventCounts.NONE;
    private EventCounts returnEvents = EventCounts.NONE;
    private long targetCpuNs;
    private long tracerCpuNs;
    private long bytesBefore;
    private long addedBytes = -1;
    private @Nullable RoundSample sample;

    /**
     * An arm that has not begun.
     *
     * @param program its copy of the target
     * @param jvmBytes what this JVM takes before any arm has begun
     */
    ArmTrial(ArmSpec arm, RingChoice ring, TargetProgram program, long jvmBytes) {
        this.arm = arm;
        this.ring = ring;
        this.program = program;
        this.jvmBytes = jvmBytes;
    }

    /** That of this thread. */
    static ArmTrial current() {
        return CURRENT.get();
    }

    ArmSpec arm() {
        return arm;
    }

    /**
     * Measures the arm, as its turns come.
     *
     * @return what JMH says; null if this arm failed, or another did: see {@link Turns#cause}
     */
    @Nullable
    RunResult run(Turns<ArmSpec> order) {
        turns = order;
        CURRENT.set(this);
        try {
            RunResult result = new Runner(options()).run().iterator().next();
            turns.pass();
            return result;
        } catch (RunnerException e) {
            // JMH wraps what a benchmark throws, and that is known already.
            turns.end(new OperationFailed(
                    "JMH could not measure " + arm.name() + " on " + arm.target() + ": " + e.getMessage(), e));
        } catch (RuntimeException | Error e) {
            turns.end(e);
        }
        return null;
    }

    private Options options() {
        Effort effort = arm.effort();
        return new OptionsBuilder()
                .include("^" + BurstBenchmark.class.getName().replace(".", "\\.") + "\\.burst$")
                .param("arm", arm.name())
                .param("technique", arm.technique())
                .param("target", arm.target())
                .param("calls", Integer.toString(arm.calls()))
                .param(
                        "arguments",
                        arm.arguments().isEmpty() ? BurstBenchmark.NO_ARGUMENTS : String.join(" ", arm.arguments()))
                .param("placement", arm.placement().name())
                .param("probedFunctions", Integer.toString(arm.probedFunctions()))
                .param("maxBytes", Integer.toString(arm.maxBytes()))
                .param("bursts", Integer.toString(effort.bursts()))
                .warmupIterations(effort.warmups())
                .measurementIterations(effort.turns())
                .timeout(PATIENCE)
                .forks(0)
                .addProfiler(EventMetrics.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    /** The sample that it left; null if it failed. */
    @Nullable
    RoundSample sample() {
        return sample;
    }

    /** What the latest request measured. */
    TracedTarget.Measured latest() {
        return latest;
    }

    /** Launches the target and attaches the tracer, when it is this arm's turn. */
    void launch() {
        reporting(() -> {
            turns.await(arm);
            // From now on the most that was held at once counts, and now it is what is held.
            ProcessUsage.resetOwnPeak();
            bytesBefore = ProcessUsage.ownPeakBytes();
            traced = TargetLauncher.launch(
                    Techniques.named(arm.technique()),
                    program,
                    arm.arguments(),
                    arm.placement(),
                    new Probing(arm.probedFunctions(), arm.maxBytes()),
                    ring,
                    TracedTarget.DISCARD);
            return traced;
        });
    }

    /** Begins an iteration: one that counts is a turn, and the warm-up belongs to the turn in which the target was launched. */
    void begin(IterationType type) {
        measuring = type == IterationType.MEASUREMENT;
        if (measuring) {
            reporting(() -> {
                passTurn();
                return null;
            });
        }
    }

    private void passTurn() {
        boolean begun = arm.effort().warmups() > 0 || !bursts.isEmpty();
        if (addedBytes < 0 && begun) {
            addedBytes = Math.max(0, ProcessUsage.ownPeakBytes() - bytesBefore);
        }
        turns.pass();
        turns.await(arm);
    }

    /** One request. */
    TracedTarget.Measured request() {
        return reporting(() -> {
            Effort effort = arm.effort();
            if (measuring) {
                // What others did meanwhile has taken the caches, and threads away from where they are traced best.
                latest = traced.burst(effort.leadIns() + effort.bursts(), arm.calls())
                        .withoutFirst(effort.leadIns());
                warmupBursts += effort.leadIns();
                note(latest);
            } else {
                latest = traced.burst(effort.warmupBursts(), arm.calls());
                warmupBursts += effort.warmupBursts();
            }
            return latest;
        });
    }

    private void note(TracedTarget.Measured measured) {
        bursts.add(measured.burst().bursts());
        targetCpuNs += measured.burst().cpuNs();
        tracerCpuNs += measured.tracerCpuNs();
        if (traced.byPeer()) {
            return;
        }
        long made = measured.burst().callsMade();
        TraceCounts events = measured.events();
        callEvents =
                callEvents.plus(new EventCounts(traced.tracesCalls() ? made : 0, events.calls(), events.lostCalls()));
        returnEvents = returnEvents.plus(
                new EventCounts(traced.tracesReturns() ? made : 0, events.returnsSeen(), events.lostReturns()));
    }

    /** All calls count, those of the warm-up too. What a peer did not report is lost; what it reported too much makes it wrong. */
    private void noteReported(TraceCounts reported) {
        callEvents = ofPeer(reported.calls());
        returnEvents = traced.tracesReturns() ? ofPeer(reported.returns()) : EventCounts.NONE;
    }

    private EventCounts ofPeer(long seen) {
        return new EventCounts(traced.callsMade(), seen, Math.max(0, traced.callsMade() - seen));
    }

    /** Detaches, ends the target and leaves the sample, in a turn of its own. */
    void finish() {
        reporting(() -> {
            passTurn();
            String function = traced.target().greeting().functions().get(0);
            long targetPeakBytes = traced.targetPeakBytes();
            long tracerPeakBytes =
                    traced.byPeer() ? traced.tracerPeakBytes() : traced.traced() ? jvmBytes + addedBytes : 0;
            int threads = ProcessUsage.threads(traced.target().pid());
            if (traced.byPeer()) {
                noteReported(traced.endPeer());
            }
            RoundSample whole = new RoundSample(
                    function,
                    traced.target().greeting().goVersion(),
                    warmupBursts,
                    Bursts.inOneRound(bursts),
                    callEvents,
                    returnEvents,
                    targetCpuNs,
                    tracerCpuNs,
                    targetPeakBytes,
                    tracerPeakBytes,
                    threads,
                    traced.sites(),
                    traced.signatures());
            traced.close();
            sample = whole;
            return whole;
        });
    }

    /** A failure ends the trial, the target with it, and the other arms of the round. */
    private <T> T reporting(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            turns.end(e);
            Failing.close(traced, e);
            throw e;
        }
    }
}
