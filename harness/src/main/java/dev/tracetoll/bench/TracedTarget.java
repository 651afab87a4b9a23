package dev.tracetoll.bench;

import dev.tracetoll.burst.BurstResult;
import dev.tracetoll.burst.Target;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Site;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.PeerSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A running target under a technique, and what its bursts cost. Closing it detaches the tracer and ends the target. */
public final class TracedTarget implements AutoCloseable {

    /** For a peer that reports what it has seen only now and then. */
    private static final Duration REPORTING = Duration.ofSeconds(5);

    /**
     * Where events go that are only counted. One for all sessions of a JVM: what the just-in-time compiler made of the whole way from the ring
     * buffer to here is thrown away when it meets another, and until it is compiled anew, a target that calls a million times a second
     * overruns the ring buffer.
     */
    public static final EventSink DISCARD = event -> {};

    private static final TraceCounts NOTHING = new TraceCounts(0, 0, 0, 0, 0);

    /**
     * What a request measured.
     *
     * @param burst what the target says
     * @param events the events of its calls
     * @param tracerCpuNs CPU time of this process but for the thread that asks the target, until every event was delivered; of the tool
     *        itself under a peer; 0 untraced
     */
    public record Measured(BurstResult burst, TraceCounts events, long tracerCpuNs) {

        /** The same without the durations of the first bursts. */
        public Measured withoutFirst(int bursts) {
            return new Measured(
                    new BurstResult(burst.callsMade(), burst.bursts().withoutFirst(bursts), burst.cpuNs()),
                    events,
                    tracerCpuNs);
        }
    }

    private final Techniques.Entry technique;
    private final Target target;
    private final Optional<TraceSession> session;
    private final List<Site> sites;
    private final List<String> signatures;
    private long callsMade;

    /**
     * A target that runs.
     *
     * @param technique how it is traced
     * @param session of the tracer; empty if nothing traces it
     * @param sites see {@link #sites}
     * @param signatures see {@link #signatures}
     */
    TracedTarget(
            Techniques.Entry technique,
            Target target,
            Optional<TraceSession> session,
            List<Site> sites,
            List<String> signatures) {
        this.technique = technique;
        this.target = target;
        this.session = session;
        this.sites = sites;
        this.signatures = signatures;
    }

    /** The probe sites of the function that is called, or of the one that is probed in its place; of equal ones one. */
    List<Site> sites() {
        return sites;
    }

    /** The function that they are in, with its parameters and results; empty where it is a peer's affair which it finds, or none is traced. */
    List<String> signatures() {
        return signatures;
    }

    /** Whether each call makes an event. */
    public boolean tracesCalls() {
        return technique.calls();
    }

    /** Whether each return makes an event. */
    public boolean tracesReturns() {
        return technique.calls() && technique.returns();
    }

    /** The target itself. */
    public Target target() {
        return target;
    }

    /** Runs bursts and waits until all their events have been delivered; what a peer saw, only {@link #endPeer} tells. */
    public Measured burst(int bursts, int calls) {
        TraceCounts before = counts();
        long cpuBefore = tracerCpuNs();
        session.ifPresent(TraceSession::resume);
        BurstResult burst = target.burst(bursts, calls);
        session.ifPresent(TraceSession::settle);
        session.ifPresent(TraceSession::rest);
        long cpuNs = session.isPresent() ? cpuNs(cpuBefore, tracerCpuNs()) : 0;
        callsMade += burst.callsMade();
        return new Measured(burst, minus(counts(), before), cpuNs);
    }

    private long tracerCpuNs() {
        return peer().map(PeerSession::cpuNs).orElseGet(TracerCpu::ns);
    }

    /** Largest resident set of the tracer so far, in bytes; 0 untraced. */
    long tracerPeakBytes() {
        return session.isEmpty() ? 0 : peer().map(PeerSession::peakBytes).orElseGet(ProcessUsage::ownPeakBytes);
    }

    /**
     * What a tracer used between two readings. A reading is the difference of two clocks that are read one after the other, and what the
     * reader does in between (some microseconds) counts in one of them only: a tracer that did nothing may seem to have used less than
     * that.
     */
    static long cpuNs(long before, long after) {
        return Math.max(0, after - before);
    }

    private Optional<PeerSession> peer() {
        return session.filter(PeerSession.class::isInstance).map(PeerSession.class::cast);
    }

    /** Whether another tool traces. */
    boolean byPeer() {
        return peer().isPresent();
    }

    /** The calls of the target so far. */
    long callsMade() {
        return callsMade;
    }

    /**
     * Lets a peer end, after it has had time to report, and the target before it if the peer started it.
     *
     * @return what it reported of all calls made
     * @throws OperationFailed if it does not end in good order
     */
    TraceCounts endPeer() {
        PeerSession peer = peer().orElseThrow();
        peer.awaitReported(callsMade, REPORTING);
        closeSession();
        return peer.counts();
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
        return new TraceCounts(
                a.calls() - b.calls(),
                a.returns() - b.returns(),
                a.noReturns() - b.noReturns(),
                a.unpairedReturns() - b.unpairedReturns(),
                a.lostCalls() - b.lostCalls(),
                a.lostReturns() - b.lostReturns());
    }

    /** @throws OperationFailed if tracing had failed */
    @Override
    public void close() {
        try {
            closeSession();
        } finally {
            target.close();
        }
    }

    private void closeSession() {
        if (technique.peer().filter(Peer::launches).isPresent()) {
            target.finish();
        }
        session.ifPresent(TraceSession::close);
    }
}
