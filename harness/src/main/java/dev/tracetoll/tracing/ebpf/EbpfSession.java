package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.bpf.RingBuffer;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.RecordSink;
import dev.tracetoll.tracing.ring.RecordRing;
import dev.tracetoll.tracing.ring.RingDrainer;
import dev.tracetoll.tracing.totals.Tallies;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A process traced by eBPF. */
final class EbpfSession implements TraceSession, RingDrainer.Source {

    private final Probes probes;
    private final RecordRing ring;
    private final ByteBuffer counters;
    private final RecordSink records;
    private final RecordReader reader;
    private final RingDrainer drainer;
    private final Optional<RingBuffer> bell;
    /** What was hit, where the plan is guarded. */
    private final Optional<Tallies> tallies;

    private volatile long events;
    private volatile long values;

    private List<FunctionHits> lastHits = List.of();
    private boolean closed;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);

    EbpfSession(ProbedPlan probed, TracedProcess process, RecordSink records, EbpfOptions options) {
        this.records = records;
        TracePlan plan = probed.plan();
        probes = new Probes(probed, process, options);
        counters = probes.counters();
        ring = probes.ring();
        tallies = plan.request().guarded() ? Optional.of(probes.tallies()) : Optional.empty();
        reader = new RecordReader(plan, records, probes.shapes());
        try {
            bell = options.draining().rings()
                    ? Optional.of(probes.object().ringBuffer("bell", probes.bellBytes()))
                    : Optional.empty();
            probes.attach();
        } catch (RuntimeException | Error e) {
            probes.close();
            throw e;
        }
        drainer = new RingDrainer(
                ring, process.pid(), this, options.draining(), bell.map(this::bell), probes.mostRecordBytes());
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only who drains writes it.
    public int drain() {
        probes.follow();
        records.lostSoFar(lostCalls() + lostReturns() + counters.getLong(Contract.COUNTERS_LOST_MARKS));
        long beganNs = System.nanoTime();
        long reserved = ring.producerPosition();
        int drained = ring.drain(reader::read);
        if (ring.consumerPosition() >= reserved) {
            // A record is reserved before its thread goes on.
            records.completeUntil(beganNs);
        }
        long untracked = counters.getLong(Contract.COUNTERS_UNTRACKED_GROWTHS);
        if (untracked > 0) {
            throw new OperationFailed("the kernel had no memory to note that " + untracked
                    + " calls grow their stacks, so arguments cannot be trusted; free memory or trace fewer functions");
        }
        events += drained;
        probes.goroutines().reconsider(events + counts.leftOut());
        counts = probes.leftOut().in(records.counts(lostCalls(), lostReturns()));
        return drained;
    }

    private long lostCalls() {
        return counters.getLong(Contract.COUNTERS_LOST_CALLS);
    }

    private long lostReturns() {
        return counters.getLong(Contract.COUNTERS_LOST_RETURNS);
    }

    @Override
    public long lostBytes() {
        return counters.getLong(Contract.COUNTERS_LOST_BYTES);
    }

    @Override
    public OptionalLong ringBytesNeeded() {
        return OptionalLong.of(drainer.bytesNeeded());
    }

    /** How many records there were so far; of another thread, about. */
    long records() {
        return events;
    }

    private RingDrainer.Bell bell(RingBuffer rung) {
        return timeout -> {
            rung.await(timeout);
            rung.drain(this::count);
        };
    }

    @SuppressWarnings({"NonAtomicVolatileUpdate", "unused"
    }) // Only who drains writes it, and nobody needs what is in it.
    private void count(ByteBuffer data, int offset, int length) {
        if (length == Contract.VALUE_BYTES) {
            values++;
        }
    }

    /** How many values were records of their own; once closed. */
    long values() {
        return values;
    }

    /** What was drained, and how; once closed. */
    RingDrainer drainer() {
        return drainer;
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public synchronized List<FunctionHits> hits() {
        return closed ? lastHits : currentHits();
    }

    @Override
    public void takeOff(List<TracedFunction> functions) {
        records.leaves(functions);
        probes.takeOff(functions);
    }

    @Override
    public void settle() {
        drainer.settle();
    }

    /** The thread that drains does it. */
    @Override
    public Optional<String> follow() {
        return probes.over();
    }

    @Override
    public void rest() {
        drainer.rest();
    }

    @Override
    public void resume() {
        drainer.resume();
    }

    @Override
    public void detach() {
        drainer.detach(probes::detach);
    }

    @Override
    public void close() {
        drainer.close(probes::detach, this::end, this::closeProbes);
    }

    private List<FunctionHits> currentHits() {
        return tallies.map(Tallies::hits).orElse(List.of());
    }

    private synchronized void closeProbes() {
        if (!closed) {
            lastHits = currentHits();
            closed = true;
        }
        probes.close();
    }

    private void end(String why) {
        bell.ifPresent(rung -> rung.drain(this::count));
        reader.giveUpWaiting();
        records.close(why);
        counts = probes.leftOut().in(records.counts(lostCalls(), lostReturns()));
    }
}
