package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.WaitStatus;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.CodeWord;
import dev.tracetoll.process.ForcedCall;
import dev.tracetoll.process.Guard;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.process.MemoryMap;
import dev.tracetoll.process.PatchedCode;
import dev.tracetoll.process.Seizing;
import dev.tracetoll.process.SpareCode;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.process.Tracees;
import dev.tracetoll.process.WaitingLoop;
import dev.tracetoll.tracing.TracedProcess;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process of which threads are stopped by ptrace(2), for as short as can be: one, to make system calls for it, or all, so that its code can be
 * changed. Used by one thread alone, and once.
 */
final class StoppedProcess {

    /** System calls return the number of an error as a negative number above this one. */
    private static final long LOWEST_ERROR = -4096;

    private static final String CALLED_PROBES = "[uprobes-trampoline]";
    private static final long MOMENT_NS = 1_000_000;
    /** As often a moment is doubled at most. */
    private static final int LONGEST_MOMENT = 6;
    /** Room for a text, and its end. */
    private static final int TEXT_BYTES = 24;

    private final TracedProcess process;
    private final Path binary;
    private final ProcessMemory memory = new ProcessMemory();
    private final PatchedCode spareCode;
    final int options = Ptrace.FOLLOW | Ptrace.MARK_SYSTEM_CALLS;
    final Ptrace ptrace;
    final Guard guard;
    final Tracees tracees;
    private @Nullable ForcedCall forced;
    /** What was in the spare code from its beginning. */
    private long[] original = new long[0];

    private SpareCode spare = SpareCode.NONE;
    /** Whether it has executed a program meanwhile. */
    boolean executed;

    /**
     * One that still runs.
     *
     * @param binary its program
     * @param calls whether it is to make system calls
     */
    StoppedProcess(TracedProcess process, Path binary, boolean calls) {
        this.process = process;
        this.binary = binary;
        ptrace = new Ptrace(!process.killOnExit());
        guard = calls && !process.killOnExit() ? Guard.over(process.pid(), 0, notice -> {}) : Guard.none(0);
        tracees = new Tracees(ptrace, process.pid(), process.reaped(), guard.table());
        spareCode = new PatchedCode(ptrace, memory, guard.table());
    }

    void handleArrivals() {
        tracees.adoptOrphans();
        for (Tracee tracee = tracees.nextArrival(); tracee != null; tracee = tracees.nextArrival()) {
            handle(tracee);
        }
    }

    private void handle(Tracee tracee) {
        int signal = WaitStatus.signal(tracee.status());
        switch (WaitStatus.event(tracee.status())) {
            case 0 -> {
                if (!WaitStatus.isSystemCall(tracee.status())) {
                    tracee.signal(signal);
                }
            }
            case WaitStatus.EVENT_STOP -> {
                tracee.groupStopped(signal != Signal.SIGTRAP);
                if (tracee.hasOwnMemory()) {
                    tracees.detach(tracee);
                }
            }
            case WaitStatus.EVENT_VFORK -> tracee.entersVfork();
            case WaitStatus.EVENT_EXEC -> {
                if (tracees.isOfProcess(tracee)) {
                    executed = true;
                } else {
                    tracees.detach(tracee);
                }
            }
            default -> {
                // Births were seen to when they were reported.
            }
        }
    }

    /** Stops one thread, whichever is missed least. */
    void seizeOne() {
        guard.start();
        seizing().seizeOne();
        handleArrivals();
    }

    void seizeAll() {
        guard.start();
        seizing().seizeAll();
        handleArrivals();
    }

    private Seizing seizing() {
        return new Seizing(ptrace, tracees, process.pid(), options | (process.killOnExit() ? Ptrace.EXIT_KILL : 0));
    }

    /** Stops all threads, and sees to what they have to report. */
    void stopAll() {
        tracees.wakeListening();
        tracees.stopAll();
        handleArrivals();
    }

    /**
     * Lets the threads go on for a moment, so that they are elsewhere when they are stopped again.
     *
     * @param tries how often that was tried before: where others want the processors, a thread does not get one in every moment, and would be
     *     stopped where it was
     */
    void goOn(int tries) {
        tracees.resumeAll(tracee -> false);
        LockSupport.parkNanos(MOMENT_NS << Math.min(tries / 2, LONGEST_MOMENT));
        tracees.takeReports();
        stopAll();
    }

    /** Gets ready to have a thread do system calls; false if the thread is dying. */
    boolean prepare(Tracee tracee, long bias) {
        spare = LoadedImage.spareCode(binary, bias);
        if (spare.size() < WaitingLoop.BYTES + TEXT_BYTES) {
            spare = LoadedImage.startCode(binary, bias);
        }
        if (spare.size() < WaitingLoop.BYTES + TEXT_BYTES) {
            throw new BadInput("the code of process " + process.pid()
                    + " leaves no room for a system call that is to be made in it; use --backend ebpf");
        }
        WaitingLoop waiting = new WaitingLoop(spare.start());
        guard.table().clearCode();
        guard.table().places(spare, waiting, SpareCode.NONE);
        original = new long[(WaitingLoop.BYTES + TEXT_BYTES) / Long.BYTES];
        for (int i = 0; i < original.length; i++) {
            original[i] = memory.readLong(tracee.thread(), spare.start() + (long) i * Long.BYTES)
                    .orElse(0);
        }
        if (!write(tracee, 0, WaitingLoop.code())) {
            return false;
        }
        forced = new ForcedCall(ptrace, guard.table(), waiting.call(), waiting.loop());
        return true;
    }

    private boolean write(Tracee tracee, int from, long[] words) {
        for (int i = 0; i < words.length; i++) {
            long address = spare.start() + (from + i) * (long) Long.BYTES;
            if (!spareCode.overwrite(tracee, new CodeWord(address, original[from + i], words[i]))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Puts a text where a system call can read it, until the next one is put there: in spare code, as other threads may look at any stack.
     *
     * @param text of ASCII, less than {@link #TEXT_BYTES}
     * @return its address
     */
    long text(Tracee tracee, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= TEXT_BYTES) {
            throw new IllegalArgumentException(text);
        }
        ByteBuffer padded =
                ByteBuffer.allocate(TEXT_BYTES).order(ByteOrder.LITTLE_ENDIAN).put(bytes);
        long[] words = new long[TEXT_BYTES / Long.BYTES];
        padded.rewind().asLongBuffer().get(words);
        if (!write(tracee, WaitingLoop.BYTES / Long.BYTES, words)) {
            throw ended();
        }
        return spare.start() + WaitingLoop.BYTES;
    }

    private OperationFailed ended() {
        return new OperationFailed(
                "process " + process.pid() + " ended while it was being attached to or detached from");
    }

    /** Has a thread make a system call. */
    long call(Tracee tracee, long number, long... arguments) {
        ForcedCall by = forced;
        if (by == null) {
            throw new IllegalStateException("nothing is prepared");
        }
        boolean within = WaitStatus.isWithinSystemCall(tracee.status());
        long result = tracees.<OptionalLong>divert(
                        tracee, moves -> by.systemCall(tracee.thread(), number, arguments, within, moves))
                .orElseThrow(this::ended);
        if (result < 0 && result > LOWEST_ERROR) {
            throw new OperationFailed("process " + process.pid() + " cannot be made to do the system call " + number
                    + ": " + Errno.describe((int) -result));
        }
        return result;
    }

    /**
     * Where the kernel's calls in place of nops lead, and a thread comes back from ({@code tramp_mapping} of
     * {@code arch/x86/kernel/uprobes.c}).
     */
    List<MemoryMap.Area> calledProbes() {
        return MemoryMap.of(process.pid()).areas().stream()
                .filter(area -> area.name().equals(CALLED_PROBES))
                .toList();
    }

    /** Lets the process run as if it had never been stopped. */
    boolean release() {
        // Of those that were seized some may still run, if not all could be.
        tracees.stopAll();
        boolean clean = tracees.inMemory(spareCode::putBack);
        boolean alive = tracees.detachAll(this::handleArrivals);
        if (clean || !alive) {
            guard.close();
        } else {
            guard.repair();
        }
        return alive;
    }
}
