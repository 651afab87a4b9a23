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
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A process whose threads are all stopped by ptrace(2), for as short as can be: to have it make system calls, and to change its memory. Used by
 * one thread alone, and once.
 */
final class StoppedProcess {

    /** System calls return the number of an error as a negative number above this one. */
    private static final long LOWEST_ERROR = -4096;

    private static final String CALLED_PROBES = "[uprobes-trampoline]";
    private static final long MOMENT_NS = 1_000_000;

    private final TracedProcess process;
    private final Path binary;
    private final ProcessMemory memory = new ProcessMemory();
    private final PatchedCode spareCode;
    final int options = Ptrace.FOLLOW | Ptrace.MARK_SYSTEM_CALLS;
    final Ptrace ptrace;
    final Guard guard;
    final Tracees tracees;
    private @Nullable ForcedCall forced;
    /** Whether it has executed a program meanwhile. */
    boolean executed;

    /**
     * One that still runs.
     *
     * @param binary its program
     * @param words how many words of its code may be changed, besides those that are spare
     */
    StoppedProcess(TracedProcess process, Path binary, int words) {
        this.process = process;
        this.binary = binary;
        ptrace = new Ptrace(!process.killOnExit());
        guard = process.killOnExit() ? Guard.none(words) : Guard.over(process.pid(), words, notice -> {});
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

    void seizeAll() {
        guard.start();
        new Seizing(ptrace, tracees, process.pid(), options | (process.killOnExit() ? Ptrace.EXIT_KILL : 0)).seizeAll();
    }

    /** Stops all threads, and sees to what they have to report. */
    void stopAll() {
        tracees.wakeListening();
        tracees.stopAll();
        handleArrivals();
    }

    /** Lets the threads go on for a moment, so that they are elsewhere when they are stopped again. */
    void goOnForAMoment() {
        tracees.resumeAll(tracee -> false);
        LockSupport.parkNanos(MOMENT_NS);
        stopAll();
    }

    /** Gets ready to have a thread do system calls; false if the thread is dying. */
    boolean prepare(Tracee tracee, long bias) {
        SpareCode spare = LoadedImage.spareCode(binary, bias);
        if (spare.size() < WaitingLoop.BYTES) {
            spare = LoadedImage.startCode(binary, bias);
        }
        if (spare.size() < WaitingLoop.BYTES) {
            throw new BadInput("the code of process " + process.pid()
                    + " leaves no room for a system call that is to be made in it; use --backend ebpf");
        }
        WaitingLoop waiting = new WaitingLoop(spare.start());
        guard.table().clearCode();
        guard.table().places(spare, waiting, SpareCode.NONE);
        long[] words = WaitingLoop.code();
        for (int i = 0; i < words.length; i++) {
            long address = waiting.call() + (long) i * Long.BYTES;
            long original = memory.readLong(tracee.thread(), address).orElse(0);
            if (!spareCode.overwrite(tracee, new CodeWord(address, original, words[i]))) {
                return false;
            }
        }
        forced = new ForcedCall(ptrace, guard.table(), waiting.call(), waiting.loop());
        return true;
    }

    /** Has a thread make a system call. */
    long call(Tracee tracee, long number, long... arguments) {
        return call(tracee, number, new long[0], scratch -> arguments);
    }

    long call(Tracee tracee, long number, long[] in, LongFunction<long[]> arguments) {
        ForcedCall by = forced;
        if (by == null) {
            throw new IllegalStateException("nothing is prepared");
        }
        boolean within = WaitStatus.isWithinSystemCall(tracee.status());
        long result = tracees.<OptionalLong>divert(
                        tracee, moves -> by.systemCall(tracee.thread(), number, in, arguments, within, moves))
                .orElseThrow(() -> new OperationFailed(
                        "process " + process.pid() + " ended while it was being attached to or detached from"));
        if (result < 0 && result > LOWEST_ERROR) {
            throw new OperationFailed("process " + process.pid() + " cannot be made to do the system call " + number
                    + ": " + Errno.describe((int) -result));
        }
        return result;
    }

    /**
     * Whether an address is where the kernel's calls in place of nops lead, and a thread comes back from ({@code tramp_mapping} of
     * {@code arch/x86/kernel/uprobes.c}).
     */
    boolean isInCalledProbe(long address) {
        return MemoryMap.of(process.pid()).areas().stream()
                .anyMatch(area -> area.name().equals(CALLED_PROBES) && area.start() <= address && address < area.end());
    }

    /** Lets the process run as if it had never been stopped. */
    boolean release() {
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
