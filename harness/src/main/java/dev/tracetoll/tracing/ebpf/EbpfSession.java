package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.linux.BpfObject;
import dev.tracetoll.linux.RingBuffer;
import dev.tracetoll.linux.TaskStatus;
import dev.tracetoll.linux.Uprobes;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.EventAssembler;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.SitePlan;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceRequest;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A process traced by eBPF. One thread drains the ring buffer; it polls, so that no probe hit pays for a wakeup. */
final class EbpfSession implements TraceSession {

    private static final String OBJECT = "tracetoll.bpf.o";
    private static final int SIGURG = 23;
    /** Between two looks at an idle ring buffer; with records of 128 bytes a ring of 4 MiB takes 30 million a second to fill in it. */
    private static final long IDLE_NS = Duration.ofMillis(1).toNanos();
    private static final long SETTLE_NS = Duration.ofSeconds(30).toNanos();

    private final BpfObject object;
    private final Uprobes uprobes;
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

    EbpfSession(TracePlan plan, TracedProcess process, EventSink sink, int ringBytes, Uprobes.Mode mode) {
        pid = process.pid();
        TraceRequest request = plan.request();
        Descriptions descriptions = new Descriptions(plan);
        assembler = new EventAssembler(plan, sink);
        reader = new RecordReader(plan, assembler);
        object = new BpfObject("tracetoll", image());
        uprobes = new Uprobes(mode);
        try {
            configure(request, ringBytes, mode);
            descriptions.size(object);
            object.load();
            descriptions.fill(object);
            ring = object.ringBuffer("events", ringBytes);
            counters = object.mapped("counters", Contract.COUNTERS_BYTES);
            attach(request, plan.sites());
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
        drainer = new Thread(this::drain, "tracetoll-ebpf-" + pid);
        drainer.setDaemon(true);
        drainer.start();
    }

    private void configure(TraceRequest request, int ringBytes, Uprobes.Mode mode) {
        ByteBuffer config = object.data(".rodata");
        config.putInt(Contract.CONFIG_GOID_OFFSET, request.runtime().goidOffset());
        config.putInt(Contract.CONFIG_STACK_HI_OFFSET, request.runtime().stackHiOffset());
        config.putInt(Contract.CONFIG_MAX_BYTES, request.maxBytes());
        config.putInt(Contract.CONFIG_DEPTH, request.depth());
        config.putInt(Contract.CONFIG_FLOAT_SIGNAL, SIGURG);
        object.maxEntries("events", ringBytes);
        if (mode == Uprobes.Mode.MULTI) {
            object.forUprobeMulti("on_site");
            object.forUprobeMulti("on_signal");
        }
    }

    private void attach(TraceRequest request, List<SitePlan> plans) {
        Path file = realPath(request.binary());
        if (plans.stream().anyMatch(plan -> plan.floatRegisters() > 0)) {
            ProbeSite handler = request.runtime().signalHandler().orElseThrow(() -> new BadInput("The signal handler of " + file
                    + " (runtime.sigtrampgo) cannot be probed, so floating-point arguments are out of reach; use --backend ptrace"));
            // First: a site must not ask for a signal that nobody reads.
            uprobes.attach(object, "on_signal", pid, file, new Uprobes.Site[] {new Uprobes.Site(handler.fileOffset(), 0)});
        }
        // Backwards: of several probes on one instruction the kernel runs the one attached last first, and a function that is nothing but its
        // return is to be seen called before it returns.
        uprobes.attach(object, "on_site", pid, file, IntStream.range(0, plans.size()).map(i -> plans.size() - 1 - i)
                .mapToObj(i -> new Uprobes.Site(plans.get(i).site().fileOffset(), i)).toArray(Uprobes.Site[]::new));
    }

    private static byte[] image() {
        try (InputStream in = EbpfSession.class.getResourceAsStream(OBJECT)) {
            if (in == null) {
                throw new OperationFailed("The BPF programs are missing from this build; build again with: mvn package");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new BadInput("No such file: " + path, e);
        }
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
        uprobes.close();
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
            release();
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

    private void release() {
        uprobes.close();
        object.close();
    }
}
