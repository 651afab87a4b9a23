package dev.tracetoll.linux;

import dev.tracetoll.problem.OperationFailed;
import java.time.Duration;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A child process that may be traced.
 *
 * <p>Its death is learnt from a pidfd, and it is reaped when it is closed, or by its tracer: nothing here takes an event away that a
 * tracer waits for. Close a trace of it first. The pipes are for one thread at a time; the other methods for any.
 */
public final class ChildProcess implements AutoCloseable {

    /** {@code signal.h}. */
    public static final int SIGKILL = 9;

    /** {@code linux/wait.h}. */
    private static final int WUNTRACED = 2;
    private static final int STOPPED = 0x7f;

    /** For a child that learns from the end of its input that it is to leave. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** For the kernel to tear down a killed process, and for a tracer to hand over the status it reaped. */
    private static final Duration DEATH = Duration.ofSeconds(30);

    private static final long BETWEEN_LOOKS_MS = 5;

    private final String name;
    private final int pid;
    private final PidDescriptor handle;
    private final PipeOutput stdin;
    private final PipeInput stdout;
    private final PipeInput stderr;
    private boolean awaitingExec;
    private boolean closed;
    private ExitStatus exitStatus;

    private ChildProcess(Launch launch, int pid, PidDescriptor handle, Descriptor[] ours) {
        this.name = launch.program() + " (pid " + pid + ")";
        this.pid = pid;
        this.handle = handle;
        this.stdin = ours[0] == null ? null : new PipeOutput(ours[0]);
        this.stdout = ours[1] == null ? null : new PipeInput(ours[1]);
        this.stderr = ours[2] == null ? null : new PipeInput(ours[2]);
        this.awaitingExec = launch.stopBeforeExec();
    }

    /**
     * Starts a child; if it is to stop before it executes its program, it has stopped on return.
     *
     * @throws dev.tracetoll.problem.BadInput if there is no such program or it cannot be executed
     * @throws dev.tracetoll.problem.MachineCannot if the C library or the kernel is too old
     * @throws OperationFailed if starting fails for another reason; nothing is left behind then
     */
    public static ChildProcess spawn(Launch launch) {
        ChildProcess child = LiveChildren.start(() -> start(launch));
        if (launch.stopBeforeExec()) {
            try {
                child.awaitStop();
            } catch (RuntimeException e) {
                child.close();
                throw e;
            }
        }
        return child;
    }

    /** Starts a child that is not killed when this JVM ends, for it knows when that is and what to do then. Otherwise as {@link #spawn}. */
    static ChildProcess spawnToOutliveUs(Launch launch) {
        return start(launch);
    }

    private static ChildProcess start(Launch launch) {
        Descriptor[] ours = new Descriptor[3];
        Descriptor[] theirs = new Descriptor[3];
        boolean started = false;
        try {
            Redirect[] redirects = {launch.stdin(), launch.stdout(), launch.stderr()};
            for (int stream = 0; stream < redirects.length; stream++) {
                if (redirects[stream] instanceof Redirect.Pipe) {
                    Descriptor[] ends = Descriptor.pipe();
                    ours[stream] = ends[stream == 0 ? 1 : 0];
                    theirs[stream] = ends[stream == 0 ? 0 : 1];
                }
            }
            int pid = new Spawner(launch).spawn(theirs);
            ChildProcess child = new ChildProcess(launch, pid, handle(pid), ours);
            started = true;
            return child;
        } finally {
            close(theirs);
            if (!started) {
                close(ours);
            }
        }
    }

    private static PidDescriptor handle(int pid) {
        try {
            return PidDescriptor.open(pid);
        } catch (RuntimeException e) {
            SpawnCalls.LIBC.kill(pid, SIGKILL);
            SpawnCalls.LIBC.waitpid(pid, Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES), 0);
            throw e;
        }
    }

    private static void close(Descriptor[] descriptors) {
        for (Descriptor descriptor : descriptors) {
            if (descriptor != null) {
                descriptor.close();
            }
        }
    }

    private void awaitStop() {
        Pointer status = Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES, true);
        while (SpawnCalls.LIBC.waitpid(pid, status, WUNTRACED) != pid) {
            int errno = Errno.last();
            if (errno != Errno.EINTR) {
                throw new OperationFailed("Waiting for " + name + " to stop failed: waitpid: " + Errno.describe(errno));
            }
        }
        if ((status.getInt(0) & 0xff) != STOPPED) {
            reaped(status.getInt(0));
            throw new OperationFailed(name + " " + exitStatus.describe() + " when it should have stopped before it executes the program");
        }
    }

    /** Its process id. */
    public int pid() {
        return pid;
    }

    /** Whether it is stopped just before it executes its program. */
    public synchronized boolean awaitingExec() {
        return awaitingExec;
    }

    /** Lets a child go on that was stopped before it executes its program; the first call alone has an effect. */
    public synchronized void resume() {
        if (awaitingExec && !closed) {
            awaitingExec = false;
            handle.signal(Signal.SIGCONT);
        }
    }

    /** Where its standard input comes from; for {@link Redirect#PIPE} only. */
    public PipeOutput stdin() {
        return piped(stdin, "input");
    }

    /** Where its standard output goes; for {@link Redirect#PIPE} only. */
    public PipeInput stdout() {
        return piped(stdout, "output");
    }

    /** Where its standard error goes; for {@link Redirect#PIPE} only. */
    public PipeInput stderr() {
        return piped(stderr, "error");
    }

    private <T> T piped(T stream, String what) {
        if (stream == null) {
            throw new IllegalStateException("standard " + what + " of " + name + " is not a pipe");
        }
        return stream;
    }

    /**
     * Waits until it has ended, all its threads included, or the time is up.
     *
     * <p>A thread that is dead but not reaped by its tracer counts as alive.
     *
     * @return how it ended; empty if it has not
     */
    public Optional<ExitStatus> awaitExit(Duration timeout) {
        synchronized (this) {
            if (exitStatus != null || closed) {
                return Optional.ofNullable(exitStatus);
            }
        }
        if (!handle.awaitDeath(timeout)) {
            return Optional.empty();
        }
        Optional<ExitStatus> found = handle.exitStatus();
        return Optional.of(found.isPresent() ? know(found.get()) : awaitReaped());
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return awaitExit(Duration.ZERO).isEmpty() && !isClosed();
    }

    /** For a tracer: says that it has reaped the process, and with which wait status; see waitpid(2). */
    public synchronized void reaped(int waitStatus) {
        know(ExitStatus.ofWaitStatus(waitStatus));
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized ExitStatus know(ExitStatus status) {
        if (exitStatus == null) {
            exitStatus = status;
            notifyAll();
        }
        return exitStatus;
    }

    private synchronized ExitStatus awaitReaped() {
        Deadline deadline = Deadline.in(DEATH);
        boolean interrupted = false;
        while (exitStatus == null && !deadline.isOver()) {
            try {
                wait(BETWEEN_LOOKS_MS);
                // A tracer that is another process hands the dead child over to its parent once it has taken note of the death.
                handle.exitStatus().ifPresent(this::know);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (exitStatus == null) {
            throw new OperationFailed(name + " was reaped by another thread, which did not say how it had ended");
        }
        return exitStatus;
    }

    /** Kills it, if it is alive; returns at once. */
    public void kill() {
        signal(SIGKILL);
    }

    /** Sends it a signal, if it is alive. */
    public synchronized void signal(int signal) {
        if (!closed && exitStatus == null) {
            handle.signal(signal);
        }
    }

    /**
     * Closes the pipes, kills the child if it is alive (after a short grace if the end of its input may make it leave) and reaps it.
     *
     * @throws OperationFailed if it cannot be killed
     */
    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        closePipes();
        try {
            boolean mayLeave = stdin != null && !awaitingExec();
            if (!handle.awaitDeath(mayLeave ? GRACE : Duration.ZERO)) {
                kill();
                if (!handle.awaitDeath(DEATH)) {
                    throw new OperationFailed(name + " is still there " + DEATH.toSeconds() + " s after it was killed; is it being traced?");
                }
            }
            handle.exitStatus().ifPresent(this::know);
            handle.reap();
        } finally {
            LiveChildren.closed(this);
            synchronized (this) {
                closed = true;
                handle.close();
            }
        }
    }

    private void closePipes() {
        if (stdin != null) {
            stdin.close();
        }
        if (stdout != null) {
            stdout.close();
        }
        if (stderr != null) {
            stderr.close();
        }
    }
}
