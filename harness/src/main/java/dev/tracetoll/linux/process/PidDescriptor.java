package dev.tracetoll.linux.process;

import dev.tracetoll.linux.file.Descriptor;
import dev.tracetoll.linux.file.Polling;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.linux.libc.SystemCall;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.time.Duration;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A pidfd, see pidfd_open(2): names a process for good, whereas the number may go to another process once this one is reaped. */
final class PidDescriptor implements AutoCloseable {

    /** {@code include/uapi/asm-generic/unistd.h}; the same on every architecture. */
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;

    private static final long SYS_PIDFD_OPEN = 434;

    /** {@code linux/wait.h}. */
    private static final int P_PIDFD = 3;

    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int WALL = 0x40000000;

    /** {@code siginfo_t} on 64-bit machines, for SIGCHLD. */
    private static final int SIGINFO_SIZE = 128;

    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;
    private static final int CLD_EXITED = 1;

    private final int pid;
    private final Descriptor descriptor;

    private PidDescriptor(int pid, Descriptor descriptor) {
        this.pid = pid;
        this.descriptor = descriptor;
    }

    /** Opens the pidfd of a process that has not been reaped; it is not inherited by other programs. */
    static PidDescriptor open(int pid) {
        long number = SystemCall.LIBC.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (number < 0) {
            int errno = Errno.last();
            if (errno == Errno.ESRCH) {
                throw new BadInput("there is no process " + pid + " any more; name a running one");
            }
            throw new MachineCannot(
                    "Waiting for a process by pidfd_open",
                    Errno.describe(errno),
                    "Linux 5.4 or newer is needed, and a seccomp filter must let the call pass");
        }
        return new PidDescriptor(pid, new Descriptor((int) number));
    }

    /** Waits until the process is dead, all its threads included, or the time is up. Takes no event away from a tracer. */
    boolean awaitDeath(Duration timeout) {
        return Polling.awaitReadable(timeout, descriptor.number())[0];
    }

    /** How the dead process ended; leaves it to be reaped. Empty if it has been reaped already. */
    Optional<ExitStatus> exitStatus() {
        return await(WNOWAIT);
    }

    /** Reaps the process if it is dead and nobody has. */
    void reap() {
        await(0);
    }

    private Optional<ExitStatus> await(int options) {
        Pointer info = Memory.allocateDirect(Runtime.getSystemRuntime(), SIGINFO_SIZE, true);
        while (ProcessCalls.LIBC.waitid(
                        P_PIDFD, descriptor.number(), info.address(), WEXITED | WNOHANG | WALL | options)
                != 0) {
            int errno = Errno.last();
            if (errno == Errno.ECHILD) {
                return Optional.empty();
            }
            if (errno != Errno.EINTR) {
                throw new OperationFailed("Waiting for process " + pid + " failed: waitid: " + Errno.describe(errno));
            }
        }
        if (info.getInt(SI_PID) == 0) {
            return Optional.empty();
        }
        int status = info.getInt(SI_STATUS);
        return Optional.of(
                info.getInt(SI_CODE) == CLD_EXITED ? new ExitStatus.Exited(status) : new ExitStatus.Killed(status));
    }

    /** Sends a signal; nothing happens if the process is dead. */
    void signal(int signal) {
        if (SystemCall.LIBC.syscall(SYS_PIDFD_SEND_SIGNAL, descriptor.number(), signal, 0, 0) != 0) {
            int errno = Errno.last();
            if (errno != Errno.ESRCH) {
                throw new OperationFailed(
                        "Sending signal " + signal + " to process " + pid + " failed: " + Errno.describe(errno));
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
