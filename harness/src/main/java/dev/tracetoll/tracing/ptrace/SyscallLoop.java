package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.SystemCallStop;
import dev.tracetoll.linux.ptrace.WaitStatus;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.process.GuardTable;
import dev.tracetoll.process.SeccompFilter;
import dev.tracetoll.process.Seizing;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.process.Tracees;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.syscall.SyscallAssembler;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import dev.tracetoll.tracing.syscall.SyscallSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the system calls of a process: all of them, or those that a filter in the process asks for. Used by the tracing thread alone. */
final class SyscallLoop implements PtraceSession.Work {

    private final SyscallRequest request;
    private final int process;
    private final boolean filtered;
    private final int options;
    private final Consumer<TraceCounts> published;
    private final SyscallAssembler assembler;
    private final Ptrace ptrace;
    private final SystemCallStop stop = new SystemCallStop();
    private final ProcessMemory memory = new ProcessMemory();
    private final Tracees tracees;
    /** Threads that have entered a system call which is reported, and have not left it. */
    private final Set<Tracee> entered = new HashSet<>();

    private boolean awaitingExec;
    /** Whether events are reported. */
    private boolean reporting;
    /** Whether the process ends or is gone. */
    private boolean ended;

    /**
     * @param filtered whether the program gets a filter, so that it only stops where it writes
     * @param published told the counts whenever they have changed
     */
    SyscallLoop(
            SyscallRequest request,
            TracedProcess process,
            SyscallSink sink,
            boolean filtered,
            Consumer<TraceCounts> published) {
        this.request = request;
        this.ptrace = new Ptrace(!process.killOnExit());
        this.process = process.pid();
        this.filtered = filtered;
        this.awaitingExec = process.awaitingExec();
        this.options = Ptrace.FOLLOW
                | Ptrace.MARK_SYSTEM_CALLS
                | (process.killOnExit() || filtered ? Ptrace.EXIT_KILL : 0)
                | (filtered ? Ptrace.SECCOMP : 0);
        this.published = published;
        this.assembler = new SyscallAssembler(sink);
        this.tracees = new Tracees(ptrace, process.pid(), process.reaped(), GuardTable.unread(0));
        tracees.watchedBy((tracee, thread) -> entered.remove(tracee));
        this.reporting = !awaitingExec;
    }

    @Override
    public void attach() {
        Seizing seizing = new Seizing(ptrace, tracees, process, options);
        if (awaitingExec) {
            seizing.seizeLeader();
        } else if (filtered) {
            throw new BadInput("process " + process
                    + " runs already, and a seccomp filter can be installed only before a program starts;"
                    + " let the program be started to be traced");
        } else {
            seizing.seizeAll();
        }
    }

    @Override
    public void run(BooleanSupplier closing) {
        handleArrivals();
        while (!closing.getAsBoolean()) {
            tracees.resumeAll(this::isWatched);
            if (!tracees.await()) {
                ended = true;
                return;
            }
            handleArrivals();
        }
    }

    @Override
    public void release() {
        boolean alive = filtered ? !ended : detach();
        reporting = false;
        awaitingExec = false;
        assembler.close(alive ? "detached" : "exit");
        publish();
    }

    private boolean detach() {
        tracees.wakeListening();
        tracees.stopAll();
        handleArrivals();
        return tracees.detachAll(this::handleArrivals);
    }

    @Override
    public void releaseAfterFailure(Throwable failure) {
        try {
            release();
        } catch (Throwable e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Without a tracer every write of a process with the filter would fail. */
    @Override
    public void linger() {
        boolean more = filtered && !ended;
        while (more) {
            handleArrivals();
            tracees.resumeAll(this::isWatched);
            more = tracees.await();
        }
    }

    private void handleArrivals() {
        tracees.adoptOrphans();
        for (Tracee tracee = tracees.nextArrival(); tracee != null; tracee = tracees.nextArrival()) {
            handle(tracee);
        }
    }

    /** Whether the next entry or exit of a thread is of interest; with a filter the kernel itself tells of entries. */
    private boolean isWatched(Tracee tracee) {
        return reporting && (filtered ? entered.contains(tracee) : tracees.isOfProcess(tracee));
    }

    private void handle(Tracee tracee) {
        int event = WaitStatus.event(tracee.status());
        if (WaitStatus.isSystemCall(tracee.status()) || event == WaitStatus.EVENT_SECCOMP) {
            systemCall(tracee);
            return;
        }
        int signal = WaitStatus.signal(tracee.status());
        switch (event) {
            case 0 -> tracee.signal(signal);
            case WaitStatus.EVENT_STOP -> {
                tracee.groupStopped(signal != Signal.SIGTRAP);
                if (!tracees.isOfProcess(tracee) && !filtered) {
                    tracees.detach(tracee);
                }
            }
            case WaitStatus.EVENT_VFORK -> tracee.entersVfork();
            case WaitStatus.EVENT_EXEC -> executed(tracee);
            default -> {
                // Births were seen to when they were reported; the end of a vfork needs nothing.
            }
        }
    }

    private void executed(Tracee tracee) {
        if (tracees.isOfProcess(tracee) && awaitingExec) {
            awaitingExec = false;
            if (filtered) {
                install(tracee);
            }
            reporting = true;
        }
    }

    private void install(Tracee tracee) {
        int error = new SeccompFilter(ptrace, SyscallRequest.WRITE)
                .install(tracee.thread(), thread -> tracees.runToSystemCall(tracee));
        if (error > 0) {
            throw new MachineCannot(
                    "Installing a seccomp filter",
                    "the kernel refuses it (" + Errno.describe(error) + ")",
                    error == Errno.EACCES ? "run as root, or with CAP_SYS_ADMIN" : "use syscall-ptrace");
        }
    }

    private void systemCall(Tracee tracee) {
        if (!reporting || !tracees.isOfProcess(tracee)) {
            return;
        }
        long timestampNs = System.nanoTime();
        if (!ptrace.read(tracee.thread(), stop)) {
            return;
        }
        if (stop.isEntry()) {
            if (stop.number() == SyscallRequest.WRITE && request.includes((int) stop.argument(0))) {
                entered.add(tracee);
                assembler.entry(
                        tracee.thread(), timestampNs, 0, (int) stop.argument(0), stop.argument(2), head(tracee));
                publish();
            }
        } else if (stop.isExit() && entered.remove(tracee)) {
            assembler.exit(tracee.thread(), timestampNs, 0, stop.result());
            publish();
        }
    }

    private byte @Nullable [] head(Tracee tracee) {
        long length = stop.argument(2);
        int size = Long.compareUnsigned(length, request.maxBytes()) < 0 ? (int) length : request.maxBytes();
        if (size > 0 && !memory.read(tracee.thread(), stop.argument(1), size)) {
            return null;
        }
        byte[] head = new byte[size];
        memory.copy(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN), 0, size);
        return head;
    }

    private void publish() {
        published.accept(assembler.counts(0, 0));
    }
}
