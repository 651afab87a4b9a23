package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.RingBuffer;
import dev.tracetoll.linux.TaskStatus;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.EventAssembler;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A process traced by eBPF. One thread drains the ring buffer; it polls, so that no probe hit pays for a wakeup. */
final class EbpfSession implements TraceSession {

    /** Between two looks at an idle ring buffer; with records of 128 bytes a ring of 4 MiB takes 30 million a second to fill in it. */
    private static final long IDLE_NS = Duration.ofMillis(1).toNanos();
    private static final long SETTLE_NS = Duration.ofSeconds(30).toNanos();

    private final Probes probes;
    private final RingBuffer ring;
    private final ByteBuffer counters;
    private final EventAssembler assembler;
    private final RecordReader reader;
    private final int pid;
    private final Thread drainer;

    private volatile boolean closing;
    private volatile Throwable failure;
    /** The ring buffer's position up to which {@link #counts} holds. */
    private volatile long drainedTo;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private boolean closed;

    EbpfSession(TracePlan plan, TracedProcess process, EventSink sink, EbpfOptions options) {
        pid = process.pid();
        assembler = new EventAssembler(plan, sink);
        reader = new RecordReader(plan, assembler);
        probes = new Probes(plan, pid, options);
        try {
            ring = probes.object().ringBuffer("events", options.ringBytes());
            counters = probes.object().mapped("counters", Contract.COUNTERS_BYTES);
            probes.attach();
        } catch (RuntimeException | Error e) {
            probes.close();
            throw e;
        }
        drainer = new Thread(this::drain, "tracetoll-ebpf-" + pid);
        drainer.setDaemon(true);
        drainer.start();
    }

    private void drain() {
        try {
            while (!closing) {
                if (drainOnce() == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private int drainOnce() {
        assembler.lostSoFar(lostCalls() + lostReturns());
        int records = ring.drain(reader::read);
        long untracked = counters.getLong(Contract.COUNTERS_UNTRACKED_GROWTHS);
        if (untracked > 0) {
            throw new OperationFailed("the kernel had no memory to note that " + untracked
                    + " calls grow their stacks, so arguments cannot be trusted; free memory or trace fewer functions");
        }
        counts = assembler.counts(lostCalls(), lostReturns());
        drainedTo = ring.consumerPosition();
        return records;
    }

    private long lostCalls() {
        return counters.getLong(Contract.COUNTERS_LOST_CALLS);
    }

    private long lostReturns() {
        return counters.getLong(Contract.COUNTERS_LOST_RETURNS);
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public void settle() {
        long until = ring.producerPosition();
        long deadline = System.nanoTime() + SETTLE_NS;
        while (drainedTo < until) {
            checkFailure();
            if (System.nanoTime() > deadline) {
                throw new OperationFailed("The ring buffer of process " + pid + " was not drained within "
                        + Duration.ofNanos(SETTLE_NS).toSeconds() + " s; the machine is overloaded or the event sink is stuck");
            }
            LockSupport.unpark(drainer);
            LockSupport.parkNanos(IDLE_NS / 10);
        }
        checkFailure();
    }

    private void checkFailure() {
        Throwable failed = failure;
        if (failed != null) {
            throw new OperationFailed("Tracing process " + pid + " failed: " + failed, failed);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        probes.detach();
        closing = true;
        LockSupport.unpark(drainer);
        joinDrainer();
        try {
            if (failure == null) {
                // The drainer has ended: this thread is the only one that drains now.
                drainOnce();
                reader.giveUpWaiting();
                assembler.close(TaskStatus.of(pid).filter(task -> !task.isDead()).isPresent() ? "detached" : "exit");
                counts = assembler.counts(lostCalls(), lostReturns());
            }
        } finally {
            probes.close();
        }
        checkFailure();
    }

    private void joinDrainer() {
        boolean interrupted = false;
        while (drainer.isAlive()) {
            try {
                drainer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
