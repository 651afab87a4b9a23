package dev.tracetoll.bench;

import dev.tracetoll.golang.Emulation;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.linux.ProcessUsage;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.target.BurstResult;
import dev.tracetoll.target.Target;
import dev.tracetoll.target.TargetProgram;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceRequest;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.Tracer;
import java.util.List;
import java.util.Optional;

/** A running target under a technique. Closing it detaches the tracer and ends the target. */
public final class TracedTarget implements AutoCloseable {

    /** How many bytes of each string are captured: as many as Delve shows unless told otherwise. */
    public static final int MAX_BYTES = 64;

    /** How many pointers are followed one behind the other. */
    private static final int DEPTH = 1;

    /** The probed function of every target. */
    public static final String PROBED_FUNCTION = "main.probed";

    private static final TraceCounts NOTHING = new TraceCounts(0, 0, 0, 0, 0);

    /**
     * What a request measured.
     *
     * @param burst what the target says
     * @param events the events of its calls
     * @param tracerCpuNs CPU time of this process, until every event was delivered; 0 untraced
     */
    public record Measured(BurstResult burst, TraceCounts events, long tracerCpuNs) {}

    private final Target target;
    private final Optional<TraceSession> session;

    private TracedTarget(Target target, Optional<TraceSession> session) {
        this.target = target;
        this.session = session;
    }

    /**
     * Launches a target, traced from its first instruction.
     *
     * @param technique how
     * @param program what
     * @param arguments its command line
     * @param sink receives the events
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; nothing stays behind then
     */
    public static TracedTarget launch(Technique technique, TargetProgram program, List<String> arguments, EventSink sink) {
        Optional<Tracer> tracer = Techniques.tracer(technique);
        if (tracer.isEmpty()) {
            return new TracedTarget(Target.launch(program, arguments, false), Optional.empty());
        }
        TracePlan plan = plan(program);
        Target target = Target.launch(program, arguments, true);
        TraceSession session = null;
        try {
            session = tracer.get().attach(plan, target.traced(), sink);
            target.resume();
            return new TracedTarget(target, Optional.of(session));
        } catch (RuntimeException | Error e) {
            closeQuietly(session, e);
            closeQuietly(target, e);
            throw e;
        }
    }

    /**
     * What to trace of a target.
     *
     * @throws dev.tracetoll.problem.BadInput if the program is no Go program with the function that targets have
     */
    static TracePlan plan(TargetProgram program) {
        try (GoBinary binary = GoBinary.open(program.path(), Emulation.ofThisKernel())) {
            return new TracePlan(new TraceRequest(program.path(), List.of(binary.function(PROBED_FUNCTION)), binary.runtimeLayout(),
                    binary.types(), true, MAX_BYTES, DEPTH));
        }
    }

    /** The target itself. */
    public Target target() {
        return target;
    }

    /** Runs bursts and waits until all their events have been delivered. */
    public Measured burst(int bursts, int calls) {
        TraceCounts before = counts();
        long cpuBefore = ProcessUsage.ownCpuNs();
        BurstResult burst = target.burst(bursts, calls);
        session.ifPresent(TraceSession::settle);
        long cpuNs = session.isPresent() ? ProcessUsage.ownCpuNs() - cpuBefore : 0;
        return new Measured(burst, minus(counts(), before), cpuNs);
    }

    /** All events so far. */
    public TraceCounts counts() {
        return session.map(TraceSession::counts).orElse(NOTHING);
    }

    /** Whether the target is traced at all. */
    public boolean traced() {
        return session.isPresent();
    }

    /** Largest resident set of the target so far, in bytes. */
    public long targetPeakBytes() {
        return ProcessUsage.peakBytes(target.pid());
    }

    private static TraceCounts minus(TraceCounts a, TraceCounts b) {
        return new TraceCounts(a.calls() - b.calls(), a.returns() - b.returns(), a.noReturns() - b.noReturns(),
                a.lostCalls() - b.lostCalls(), a.lostReturns() - b.lostReturns());
    }

    private static void closeQuietly(AutoCloseable closeable, Throwable because) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            because.addSuppressed(e);
        }
    }

    /** @throws OperationFailed if tracing had failed */
    @Override
    public void close() {
        try {
            session.ifPresent(TraceSession::close);
        } finally {
            target.close();
        }
    }
}
