package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.RecordSink;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingDrainer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A process traced by jumps within it. */
final class InlineSession implements TraceSession, RingDrainer.Source {

    private final TracePlan plan;
    private final int process;
    private final List<Layout> layouts;
    private final Draining draining;
    private final Installation installation;
    private final Recorders recorders;
    private final RecordSink records;
    private final CounterClock clock;
    private final JumpsInProcess jumps;

    private volatile @Nullable Running running;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private boolean closed;

    /** What there is once the jumps are in. */
    private record Running(ProcessorRings rings, RecordReader reader) {}

    private @Nullable RingDrainer drainer;

    InlineSession(
            TracePlan plan,
            TracedProcess process,
            RecordSink records,
            List<Layout> layouts,
            CounterClock clock,
            Draining draining,
            Installation installation,
            Recorders recorders) {
        this.plan = plan;
        this.process = process.pid();
        this.layouts = layouts;
        this.clock = clock;
        this.draining = draining;
        this.installation = installation;
        this.recorders = recorders;
        this.jumps = new JumpsInProcess(process, installation, this::run);
        this.records = records;
    }

    /** Starts; returns when the process is traced, or will be as soon as it has executed the program. */
    void start() {
        try {
            jumps.start(this::detach);
        } catch (RuntimeException | Error e) {
            endDraining(e);
            throw e;
        }
    }

    private void endDraining(Throwable failure) {
        RingDrainer known;
        synchronized (this) {
            known = drainer;
        }
        try {
            if (known != null) {
                known.close(() -> {}, why -> {}, () -> {});
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Before there is any jump: the process may have ended by the time that anybody looks. */
    private synchronized void run() {
        ProcessorRings rings = new ProcessorRings(recorders.shared(), recorders.rings(), clock);
        running = new Running(rings, new RecordReader(plan, layouts, installation.bias(), clock, records));
        int most = layouts.stream().mapToInt(Layout::mostBytes).max().orElse(0);
        drainer = new RingDrainer(rings, process, this, draining, Optional.empty(), most);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only who drains writes it.
    public int drain() {
        Running now = running;
        if (now == null) {
            return 0;
        }
        clock.adjust();
        records.lostSoFar(now.rings.sum(RingLayout.LOST_CALLS)
                + now.rings.sum(RingLayout.LOST_RETURNS)
                + now.rings.sum(RingLayout.LOST_MARKS));
        int drained;
        if (closed) {
            drained = now.rings.drainAll(now.reader::read);
        } else {
            drained = now.rings.drain(now.reader::read);
            now.reader.completeUntil(now.rings.completeUntil());
        }
        long growths = now.rings.sum(RingLayout.LOST_GROWTHS);
        if (growths > 0) {
            throw new OperationFailed(
                    "the ring had no room to note what " + growths
                            + " calls had as arguments before they grew their stacks, so arguments cannot be trusted; give a larger --ring-size");
        }
        counts = counts(now.rings);
        return drained;
    }

    private TraceCounts counts(ProcessorRings rings) {
        return records.counts(rings.sum(RingLayout.LOST_CALLS), rings.sum(RingLayout.LOST_RETURNS))
                .leavingOut(rings.sum(RingLayout.LEFT_OUT_CALLS), rings.sum(RingLayout.LEFT_OUT_RETURNS));
    }

    @Override
    public long lostBytes() {
        Running now = running;
        return now == null ? 0 : now.rings.sum(RingLayout.LOST_BYTES);
    }

    @Override
    public OptionalLong ringBytesNeeded() {
        RingDrainer known = drainer;
        return known == null ? OptionalLong.empty() : OptionalLong.of(known.bytesNeeded());
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public List<FunctionHits> hits() {
        return running == null ? List.of() : recorders.hits().hits();
    }

    @Override
    public void takeOff(List<TracedFunction> functions) {
        records.leaves(functions);
        jumps.takeOff(plan, functions);
    }

    @Override
    public void settle() {
        jumps.throwFailure();
        RingDrainer known = drainer;
        if (known != null) {
            known.settle();
        }
    }

    @Override
    public Optional<String> follow() {
        return jumps.over();
    }

    @Override
    public void rest() {
        RingDrainer known = drainer;
        if (known != null) {
            known.rest();
        }
    }

    @Override
    public void resume() {
        RingDrainer known = drainer;
        if (known != null) {
            known.resume();
        }
    }

    @Override
    public void detach() {
        jumps.cancel();
        RingDrainer known;
        synchronized (this) {
            known = drainer;
        }
        if (known != null) {
            known.detach(jumps::remove);
        }
    }

    @Override
    public void close() {
        jumps.end();
        RingDrainer known;
        synchronized (this) {
            known = drainer;
        }
        if (known == null) {
            endBefore();
            return;
        }
        RingDrainer ending = known;
        ending.close(
                () -> {
                    jumps.remove();
                    closed = true;
                },
                why -> {
                    if (jumps.over().isPresent()) {
                        records.executed(System.nanoTime());
                    }
                    records.close(why);
                    counts = counts(Objects.requireNonNull(running).rings);
                },
                () -> {});
    }

    /** The program was never executed, or could not be traced. */
    private void endBefore() {
        records.close(EventAssembler.EXIT);
        counts = records.counts(0, 0);
        jumps.throwFailure();
    }
}
