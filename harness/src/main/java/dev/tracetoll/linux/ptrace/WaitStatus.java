package dev.tracetoll.linux.ptrace;

import dev.tracetoll.linux.kernel.Signal;

/** What a wait status says. Source: wait(2) and ptrace(2), {@code bits/waitstatus.h}. */
public final class WaitStatus {

    /** Events of a stop, {@link #event(int)}. Source: {@code linux/ptrace.h}. */
    public static final int EVENT_FORK = 1;

    public static final int EVENT_VFORK = 2;
    public static final int EVENT_CLONE = 3;
    public static final int EVENT_EXEC = 4;
    public static final int EVENT_EXIT = 6;
    /** A seccomp filter has asked for the tracer. */
    public static final int EVENT_SECCOMP = 7;
    /** An interrupt, a new tracee's first stop, or (if {@link #signal} is not SIGTRAP) a group stop. */
    public static final int EVENT_STOP = 128;

    private static final int SYSTEM_CALL = 0x80;
    /** In the low byte, of a stop. */
    static final int STOPPED = 0x7f;

    private WaitStatus() {}

    /** Whether the thread has stopped; if not, it is gone. */
    public static boolean isStop(int status) {
        return (status & 0xff) == STOPPED;
    }

    /** The signal of a stop. */
    public static int signal(int status) {
        return status >> 8 & 0xff;
    }

    /** Whether the thread has stopped at the entry or exit of a system call, see {@link Ptrace#MARK_SYSTEM_CALLS}. */
    public static boolean isSystemCall(int status) {
        return status >>> 8 == (Signal.SIGTRAP | SYSTEM_CALL);
    }

    /** Whether the thread has stopped in the midst of a system call that the kernel has still to finish. */
    public static boolean isWithinSystemCall(int status) {
        return switch (event(status)) {
            case 0, EVENT_STOP -> false;
            default -> true;
        };
    }

    /** The event of a stop; 0 for the delivery of a signal. */
    public static int event(int status) {
        return status >>> 16;
    }
}
