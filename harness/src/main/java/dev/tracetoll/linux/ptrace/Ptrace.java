package dev.tracetoll.linux.ptrace;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.libc.HotCalls;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.linux.libc.ThreadCalls;
import dev.tracetoll.problem.OperationFailed;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * ptrace(2) and its waitpid(2), as one tracing thread uses them. Every method that acts on a thread must be called by the thread that seized
 * it, which must be the one that created this object; buffers are allocated once and reused.
 *
 * <p>A thread can be killed at any moment, also while it is stopped. Requests therefore answer whether they worked: false means that the
 * thread is no longer stopped because it is dying, and that {@link #await} will report its end. Every other failure is an
 * {@link OperationFailed}.
 *
 * <p>Source of the numbers: {@code linux/ptrace.h}, {@code sys/ptrace.h}, {@code linux/wait.h}, {@code linux/sched.h},
 * {@code asm/unistd_64.h}.
 */
public final class Ptrace {

    /** What a thread that another one created shares with it. */
    public enum Birth {
        /** A thread of the same process. */
        THREAD,
        /** A process in the same memory, as vfork and Go's os/exec make it. */
        SHARES_MEMORY,
        /** A process with its own copy of the memory, as fork makes it. */
        OWN_MEMORY
    }

    /** How an attempt to seize ended. */
    public enum Seizure {
        SEIZED,
        NO_SUCH_THREAD,
        REFUSED
    }

    /** Follow new threads and processes and executed programs, stop once more when a vfork is over and before a thread is gone. */
    public static final int FOLLOW = 0x02 | 0x04 | 0x08 | 0x10 | 0x20 | 0x40;
    /** Tell stops at system calls from a SIGTRAP. */
    public static final int MARK_SYSTEM_CALLS = 0x01;
    /** Stop where a seccomp filter asks for the tracer. */
    public static final int SECCOMP = 0x80;
    /** Kill the tracee when the tracer ends without detaching. */
    public static final int EXIT_KILL = 0x100000;

    private static final int POKETEXT = 4;
    private static final int POKEUSER = 6;
    private static final int CONT = 7;
    private static final int SINGLESTEP = 9;
    private static final int GETREGS = 12;
    private static final int SETREGS = 13;
    private static final int GETFPREGS = 14;
    private static final int DETACH = 17;
    private static final int SYSCALL = 24;
    private static final int SETOPTIONS = 0x4200;
    private static final int GETEVENTMSG = 0x4201;
    private static final int GETSIGINFO = 0x4202;
    private static final int SETSIGINFO = 0x4203;
    private static final int SEIZE = 0x4206;
    private static final int INTERRUPT = 0x4207;
    private static final int LISTEN = 0x4208;
    private static final int GETSIGMASK = 0x420a;
    private static final int SETSIGMASK = 0x420b;
    private static final int GET_SYSCALL_INFO = 0x420e;

    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WSTOPPED = 2;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    /** {@code siginfo_t} for SIGCHLD. */
    private static final int SI_CODE = 8;

    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;
    private static final int CLD_TRAPPED = 4;
    private static final int WAIT_FLAGS = 0x40000000 /* __WALL */ | 0x20000000 /* __WNOTHREAD */;

    private static final int SYS_CLONE = 56;
    private static final int SYS_VFORK = 58;
    private static final int SYS_CLONE3 = 435;
    private static final long CLONE_VM = 0x100;
    private static final long CLONE_THREAD = 0x10000;

    private static final int SIGINFO_SIZE = 128;

    private final Pointer scratch = Memory.allocateDirect(runtime(), Long.BYTES, true);
    private final long scratchAddress = scratch.address();
    private final Pointer siginfo = Memory.allocateDirect(runtime(), SIGINFO_SIZE, true);
    private final Registers birthRegisters = new Registers();
    private final ProcessMemory memory = new ProcessMemory();
    private final boolean keepsStops;
    private int status;

    /** One whose threads lose the signals that they have stopped for if this JVM is killed. */
    public Ptrace() {
        this(false);
    }

    /**
     * @param keepsStops whether a thread whose stop was reported is to do what it had stopped for should this JVM be killed: get the signal,
     *     in particular. The kernel lets it go without (see {@code wait_task_stopped} in {@code kernel/exit.c}) unless the report is left to
     *     be asked for again; so {@link #await} reports the same stop until the thread has gone on
     */
    public Ptrace(boolean keepsStops) {
        this.keepsStops = keepsStops;
    }

    static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    /** The kernel's id of the calling thread. */
    public static int currentThread() {
        return ThreadCalls.LIBC.gettid();
    }

    /**
     * Waits for a thread traced by the calling thread to stop or end. Children and tracees of other threads are left alone.
     *
     * @return the thread's id, whose {@link #status()} can then be asked for; 0 if the wait was interrupted; -1 if nothing is traced any more
     */
    public int await() {
        if (keepsStops) {
            return peek(P_ALL, 0, 0);
        }
        int thread = HotCalls.LIBC.waitpid(-1, scratchAddress, WAIT_FLAGS);
        if (thread < 0) {
            // Interrupted, or nothing is traced: asking again without waiting tells.
            thread = ProcessCalls.LIBC.waitpid(-1, scratchAddress, WAIT_FLAGS | WNOHANG);
        }
        if (thread > 0) {
            status = scratch.getInt(0);
            return thread;
        }
        int errno = thread == 0 ? Errno.EINTR : Errno.last();
        return switch (errno) {
            case Errno.EINTR -> 0;
            case Errno.ECHILD -> -1;
            default -> throw failed("waitpid", -1, errno);
        };
    }

    /**
     * Looks whether a thread has something to report, without waiting, for when {@link #await} reports what is known already.
     *
     * @return whether it has; then {@link #status()} can be asked for
     */
    public boolean look(int thread) {
        return peek(P_PID, thread, WNOHANG) > 0;
    }

    /**
     * Takes what a thread has to report, as {@link #await} would, without waiting.
     *
     * @return whether it has something; then {@link #status()} can be asked for
     */
    public boolean poll(int thread) {
        if (keepsStops) {
            return look(thread);
        }
        boolean taken = ProcessCalls.LIBC.waitpid(thread, scratchAddress, WAIT_FLAGS | WNOHANG) == thread;
        if (taken) {
            status = scratch.getInt(0);
        }
        return taken;
    }

    /** Whether {@link #await} reports the same stop until the thread has gone on. */
    public boolean keepsStops() {
        return keepsStops;
    }

    /**
     * Settles the stop that a thread is in: it goes on without the signal that it has stopped for, also if this JVM is killed. It is not
     * reported again.
     */
    public void settle(int thread) {
        if (keepsStops) {
            ProcessCalls.LIBC.waitpid(thread, scratchAddress, WAIT_FLAGS | WNOHANG);
        }
    }

    /** Returns as {@link #await} does. */
    private int peek(int type, int id, int flags) {
        int options = WAIT_FLAGS | WSTOPPED | WEXITED | WNOWAIT | flags;
        siginfo.putInt(SI_PID, 0);
        if (HotCalls.LIBC.waitid(type, id, siginfo.address(), options) != 0
                && ProcessCalls.LIBC.waitid(type, id, siginfo.address(), options | WNOHANG) != 0) {
            int errno = Errno.last();
            return switch (errno) {
                case Errno.EINTR -> 0;
                case Errno.ECHILD -> -1;
                default -> throw failed("waitid", id, errno);
            };
        }
        int thread = siginfo.getInt(SI_PID);
        boolean stopped = thread > 0 && siginfo.getInt(SI_CODE) == CLD_TRAPPED;
        status = stopped ? siginfo.getInt(SI_STATUS) << Byte.SIZE | WaitStatus.STOPPED : 0;
        if (thread > 0 && (!stopped || WaitStatus.event(status) == WaitStatus.EVENT_EXEC)) {
            // An end is to be taken note of, or the thread stays. So is an execution, which leaves no signal due: where
            // the thread has taken over
            // the process's id, the kernel refuses all requests until then (looks_like_a_spurious_pid in
            // kernel/ptrace.c).
            int taken = ProcessCalls.LIBC.waitpid(thread, scratchAddress, WAIT_FLAGS | WNOHANG);
            status = scratch.getInt(0);
            return taken == thread ? thread : 0;
        }
        return thread;
    }

    /** The wait status of the thread that {@link #await} has returned, see {@link WaitStatus}. */
    public int status() {
        return status;
    }

    /** Begins to trace a thread without stopping it. */
    public Seizure seize(int thread, int options) {
        Steps.next();
        if (ThreadCalls.LIBC.ptrace(SEIZE, thread, 0, options) == 0) {
            return Seizure.SEIZED;
        }
        int errno = Errno.last();
        return switch (errno) {
            case Errno.ESRCH -> Seizure.NO_SUCH_THREAD;
            case Errno.EPERM -> Seizure.REFUSED;
            default -> throw failed("PTRACE_SEIZE", thread, errno);
        };
    }

    /** Asks a thread to stop; unless it stops for another reason first it reports {@link WaitStatus#EVENT_STOP}. */
    public boolean interrupt(int thread) {
        return request("PTRACE_INTERRUPT", INTERRUPT, thread, 0, 0);
    }

    /** Lets a stopped thread run, delivering a signal (0 for none). */
    public boolean resume(int thread, int signal) {
        return request("PTRACE_CONT", CONT, thread, 0, signal);
    }

    /** As {@link #resume}, but the thread also stops when it enters or leaves a system call. */
    public boolean resumeToSystemCall(int thread, int signal) {
        return request("PTRACE_SYSCALL", SYSCALL, thread, 0, signal);
    }

    /** Lets a stopped thread execute one instruction. */
    public boolean singleStep(int thread) {
        return request("PTRACE_SINGLESTEP", SINGLESTEP, thread, 0, 0);
    }

    /** Delivers a signal to a stopped thread, which stops again before the first instruction of its handler. */
    public boolean enterHandler(int thread, int signal) {
        return request("PTRACE_SINGLESTEP", SINGLESTEP, thread, 0, signal);
    }

    /** Leaves a thread in its group stop, so that SIGCONT wakes it. */
    public boolean listen(int thread) {
        return request("PTRACE_LISTEN", LISTEN, thread, 0, 0);
    }

    /** Stops tracing a stopped thread and lets it run, delivering a signal (0 for none). */
    public boolean detach(int thread, int signal) {
        return request("PTRACE_DETACH", DETACH, thread, 0, signal);
    }

    /** Replaces the options given to {@link #seize}. */
    public boolean options(int thread, int options) {
        return request("PTRACE_SETOPTIONS", SETOPTIONS, thread, 0, options);
    }

    /** Reads the integer registers of a stopped thread. */
    public boolean read(int thread, Registers registers) {
        return request("PTRACE_GETREGS", GETREGS, thread, 0, registers.integerAddress());
    }

    /** Reads the floating-point registers of a stopped thread. */
    public boolean readFloats(int thread, Registers registers) {
        return request("PTRACE_GETFPREGS", GETFPREGS, thread, 0, registers.floatAddress());
    }

    /** Replaces the integer registers of a stopped thread. */
    public boolean write(int thread, Registers registers) {
        return request("PTRACE_SETREGS", SETREGS, thread, 0, registers.integerAddress());
    }

    /** Reads what a thread is stopped for at a system call (Linux 5.3). */
    public boolean read(int thread, SystemCallStop stop) {
        return request("PTRACE_GET_SYSCALL_INFO", GET_SYSCALL_INFO, thread, SystemCallStop.SIZE, stop.address());
    }

    /** Makes a stopped thread go on at another address. */
    public boolean jump(int thread, long address) {
        return request("PTRACE_POKEUSER", POKEUSER, thread, Registers.RIP, address);
    }

    /** Replaces 8 bytes of memory, also of code. */
    public boolean pokeText(int thread, long address, long word) {
        return request("PTRACE_POKETEXT", POKETEXT, thread, address, word);
    }

    /** The {@code si_code} of the signal a thread has stopped for; 0, which a user's signal has too, if the thread is dying. */
    public int signalCode(int thread) {
        return request("PTRACE_GETSIGINFO", GETSIGINFO, thread, 0, siginfo.address())
                ? siginfo.getInt(Signal.CODE_OFFSET)
                : 0;
    }

    /** The whole {@code siginfo_t} of the signal a thread has stopped for; null if the thread is dying. */
    public byte @Nullable [] signalInfo(int thread) {
        if (!request("PTRACE_GETSIGINFO", GETSIGINFO, thread, 0, siginfo.address())) {
            return null;
        }
        byte[] bytes = new byte[SIGINFO_SIZE];
        siginfo.get(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** Replaces the {@code siginfo_t} of the signal a thread has stopped for. */
    public boolean signalInfo(int thread, byte[] bytes) {
        siginfo.put(0, bytes, 0, bytes.length);
        return request("PTRACE_SETSIGINFO", SETSIGINFO, thread, 0, siginfo.address());
    }

    /** The mask of signals a stopped thread blocks; 0 if the thread is dying. */
    public long signalMask(int thread) {
        return request("PTRACE_GETSIGMASK", GETSIGMASK, thread, Long.BYTES, scratch.address()) ? scratch.getLong(0) : 0;
    }

    /** Sets the mask of signals a stopped thread blocks. */
    public boolean signalMask(int thread, long mask) {
        scratch.putLong(0, mask);
        return request("PTRACE_SETSIGMASK", SETSIGMASK, thread, Long.BYTES, scratch.address());
    }

    /** Sends a signal to one thread, as tgkill(2) does. */
    public boolean send(int process, int thread, int signal) {
        if (ThreadCalls.LIBC.tgkill(process, thread, signal) == 0) {
            return true;
        }
        int errno = Errno.last();
        if (errno == Errno.ESRCH) {
            return false;
        }
        throw failed("tgkill", thread, errno);
    }

    /** The id of the thread or process whose birth a thread reports; 0 if the reporting thread is dying. */
    public int newborn(int thread) {
        return request("PTRACE_GETEVENTMSG", GETEVENTMSG, thread, 0, scratch.address()) ? (int) scratch.getLong(0) : 0;
    }

    /** What the thread or process whose birth a thread reports shares with it, from the flags of the system call that it is in. */
    public Birth birth(int thread) {
        if (!read(thread, birthRegisters)) {
            return Birth.OWN_MEMORY;
        }
        long flags =
                switch ((int) birthRegisters.systemCall()) {
                    case SYS_CLONE -> birthRegisters.firstSystemCallArgument();
                    case SYS_CLONE3 ->
                        memory.readLong(thread, birthRegisters.firstSystemCallArgument())
                                .orElseThrow(() -> new OperationFailed(
                                        "the flags of a clone3 of thread " + thread + " cannot be read"));
                    case SYS_VFORK -> CLONE_VM;
                    default -> 0;
                };
        if ((flags & CLONE_THREAD) != 0) {
            return Birth.THREAD;
        }
        return (flags & CLONE_VM) != 0 ? Birth.SHARES_MEMORY : Birth.OWN_MEMORY;
    }

    private boolean request(String name, int request, int thread, long address, long data) {
        Steps.next();
        if (HotCalls.LIBC.ptrace(request, thread, address, data) != -1
                || ThreadCalls.LIBC.ptrace(request, thread, address, data) != -1) {
            return true;
        }
        int errno = Errno.last();
        if (errno == Errno.ESRCH) {
            return false;
        }
        throw failed(name, thread, errno);
    }

    private static OperationFailed failed(String call, int thread, int errno) {
        return new OperationFailed(call + " on thread " + thread + " failed: " + Errno.describe(errno));
    }
}
