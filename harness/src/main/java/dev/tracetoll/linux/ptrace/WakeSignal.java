package dev.tracetoll.linux.ptrace;

import com.kenai.jffi.Library;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.linux.libc.ThreadCalls;
import dev.tracetoll.problem.OperationFailed;
import java.lang.ref.Reference;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Interrupts a thread of this JVM that blocks in a system call such as waitpid(2), without touching what it waits for.
 *
 * <p>It is a real-time signal with a handler that does nothing, installed without SA_RESTART. A signal that arrives just before the call
 * blocks has no effect, so it must be sent again until the thread is seen to have noticed.
 *
 * <p>Source of the layout of {@code struct sigaction}: {@code bits/sigaction.h} of glibc on x86-64.
 */
public final class WakeSignal {

    private static final int ACTION_SIZE = 152;
    private static final int SET_SIZE = 128;
    private static final int SIG_UNBLOCK = 1;

    private static final WakeSignal INSTANCE = new WakeSignal();

    private final int signal;
    private final int process = ProcessCalls.LIBC.getpid();

    private WakeSignal() {
        ThreadCalls calls = ThreadCalls.LIBC;
        Pointer old = Memory.allocateDirect(Ptrace.runtime(), ACTION_SIZE, true);
        int free = calls.__libc_current_sigrtmin();
        try {
            // From below: the JVM takes some of the highest ones for itself, some of them late.
            while (free <= calls.__libc_current_sigrtmax()
                    && (calls.sigaction(free, 0, old.address()) != 0 || old.getLong(0) != 0)) {
                free++;
            }
        } finally {
            Reference.reachabilityFence(old);
        }
        if (free > calls.__libc_current_sigrtmax()) {
            throw new OperationFailed("no real-time signal is free in this JVM to wake the tracing thread with");
        }
        // abs(3) takes the signal's number as an int and has no effect: a handler without any code of ours.
        long handler = Library.getCachedInstance("libc.so.6", Library.LAZY).getSymbolAddress("abs");
        Pointer action = Memory.allocateDirect(Ptrace.runtime(), ACTION_SIZE, true);
        action.putLong(0, handler);
        try {
            if (handler == 0 || calls.sigaction(free, action.address(), 0) != 0) {
                throw new OperationFailed(
                        "no handler could be installed for signal " + free + " to wake the tracing thread with");
            }
        } finally {
            Reference.reachabilityFence(action);
        }
        signal = free;
    }

    /** The one of this JVM. */
    public static WakeSignal get() {
        return INSTANCE;
    }

    /** Makes sure that the calling thread can be woken. */
    public void unblock() {
        Pointer set = Memory.allocateDirect(Ptrace.runtime(), SET_SIZE, true);
        set.putLong(0, Signal.bit(signal));
        try {
            ThreadCalls.LIBC.pthread_sigmask(SIG_UNBLOCK, set.address(), 0);
        } finally {
            Reference.reachabilityFence(set);
        }
    }

    /** Interrupts a thread of this JVM, given by its kernel id; nothing happens if it is gone. */
    public void wake(int thread) {
        ThreadCalls.LIBC.tgkill(process, thread, signal);
    }
}
