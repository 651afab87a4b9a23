package dev.tracetoll.linux.process;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.file.Descriptor;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.file.PipeOutput;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A child process that may be traced.
 *
 * <p>Its death is learnt from a pidfd, and it is reaped when it is closed, or by its tracer: nothing here takes an event away that a
 * tracer waits for. Close a trace of it first. The pipes are for one thread at a time; the other methods for any.
 */
public final class ChildProcess implements AutoCloseable {

    /** {@code signal.h}. */
    public static final int SIGKILL = 9;

    /** What {@code starter.c} reports: two ints, the step that failed and why. */
    private static final int REPORT_BYTES = 2 * Integer.BYTES;

    private static final int READY = 0;
    private static final int EXECUTING = 4;
    private static final int BECOMING = 5;

    /** For a child that learns from the end of its input that it is to leave. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** For the kernel to tear down a killed process, and for a tracer to hand over the status it reaped. */
    private static final Duration DEATH = Duration.ofSeconds(30);

    private static final long BETWEEN_LOOKS_MS = 5;

    /** Pipes: first those of the standard streams. */
    private static final int STREAMS = 3;

    private static final int GO = 3;
    private static final int REPORT = 4;

    private final boolean endsWithUs;
    private final Path program;
    private final String name;
    private final int pid;
    private final PidDescriptor handle;
    private final @Nullable PipeOutput stdin;
    private final @Nullable PipeInput stdout;
    private final @Nullable PipeInput stderr;
    private final PipeOutput go;
    private final PipeInput report;
    private boolean awaitingExec = true;
    private boolean closed;
    private @Nullable ExitStatus exitStatus;

    private ChildProcess(Launch launch, boolean endsWithUs, int pid, PidDescriptor handle, Descriptor[] ours) {
        this.endsWithUs = endsWithUs;
        this.program = launch.program();
        this.name = program + " (pid " + pid + ")";
        this.pid = pid;
        this.handle = handle;
        this.stdin = ours[0] == null ? null : new PipeOutput(ours[0]);
        this.stdout = ours[1] == null ? null : new PipeInput(ours[1]);
        this.stderr = ours[2] == null ? null : new PipeInput(ours[2]);
        this.go = new PipeOutput(ours[GO]);
        this.report = new PipeInput(ours[REPORT]);
    }

    /**
     * Starts a child; if it is to wait before it executes its program, it does so until {@link #resume}, or until this process ends,
     * however that happens: then it ends too.
     *
     * @throws BadInput if there is no such program or it cannot be executed
     * @throws dev.tracetoll.problem.MachineCannot if the kernel is too old
     * @throws OperationFailed if starting fails for another reason; nothing is left behind then
     */
    public static ChildProcess spawn(Launch launch) {
        return begin(LiveChildren.start(() -> start(launch, true)), launch);
    }

    /** Starts a child that is not killed when this JVM ends, for it knows when that is and what to do then. Otherwise as {@link #spawn}. */
    static ChildProcess spawnToOutliveUs(Launch launch) {
        return begin(start(launch, false), launch);
    }

    private static ChildProcess begin(ChildProcess child, Launch launch) {
        try {
            // posix_spawn(3) returns before it has executed anything: a tracer could take that for the program.
            child.hear();
            if (!launch.waitBeforeExec()) {
                child.resume();
            }
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e instanceof RuntimeException unchecked
                    ? unchecked
                    : new OperationFailed("Waiting for " + child.name + " to be ready failed: " + e.getMessage(), e);
        }
        return child;
    }

    private static ChildProcess start(Launch launch, boolean endsWithUs) {
        Descriptor[] ours = new Descriptor[STREAMS + 2];
        Descriptor[] theirs = new Descriptor[STREAMS + 2];
        boolean started = false;
        try {
            Redirect[] redirects = {launch.stdin(), launch.stdout(), launch.stderr()};
            for (int stream = 0; stream < STREAMS; stream++) {
                if (redirects[stream] instanceof Redirect.Pipe) {
                    pipe(stream, stream == 0, ours, theirs);
                }
            }
            pipe(GO, true, ours, theirs);
            pipe(REPORT, false, ours, theirs);
            int pid = new Spawner(launch).spawn(theirs, theirs[GO], theirs[REPORT]);
            ChildProcess child = new ChildProcess(launch, endsWithUs, pid, handle(pid), ours);
            started = true;
            return child;
        } finally {
            close(theirs);
            if (!started) {
                close(ours);
            }
        }
    }

    private static void pipe(int place, boolean toTheChild, Descriptor[] ours, Descriptor[] theirs) {
        Descriptor[] ends = Descriptor.pipe();
        ours[place] = ends[toTheChild ? 1 : 0];
        theirs[place] = ends[toTheChild ? 0 : 1];
    }

    private static PidDescriptor handle(int pid) {
        try {
            return PidDescriptor.open(pid);
        } catch (RuntimeException e) {
            ProcessCalls.LIBC.kill(pid, SIGKILL);
            ProcessCalls.LIBC.waitpid(pid, 0, 0);
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

    /** Its process id. */
    public int pid() {
        return pid;
    }

    /** Whether it waits to execute its program. */
    public synchronized boolean awaitingExec() {
        return awaitingExec;
    }

    /**
     * Lets a child go on that waits to execute its program; the first call alone has an effect. On return the program runs, or the child
     * has been killed.
     *
     * @throws BadInput if the program cannot be executed
     */
    public void resume() {
        synchronized (this) {
            if (!awaitingExec || closed) {
                return;
            }
            awaitingExec = false;
        }
        try (go;
                report) {
            go.write(1);
            hear();
        } catch (IOException e) {
            // It was killed while it waited; how it ended is learnt as of any other child.
        }
    }

    /** Waits for its next report, or until it has been killed or runs the program. */
    private void hear() throws IOException {
        byte[] words = report.readNBytes(REPORT_BYTES);
        if (words.length < REPORT_BYTES) {
            return;
        }
        ByteBuffer ints = ByteBuffer.wrap(words).order(ByteOrder.nativeOrder());
        int step = ints.getInt();
        String why = Errno.describe(ints.getInt());
        if (step == EXECUTING) {
            throw new BadInput("Cannot start " + program + ": it cannot be executed: " + why);
        } else if (step == BECOMING) {
            throw new OperationFailed("Cannot start " + program + " as another user: " + why);
        } else if (step != READY) {
            throw new OperationFailed("Cannot start " + program + ": what it is to inherit cannot be prepared (step "
                    + step + " of starter.c): " + why + "; Linux 5.9 or newer is needed");
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

    private <T> T piped(@Nullable T stream, String what) {
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
                // A tracer that is another process hands the dead child over to its parent once it has taken note of
                // the death.
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
                    throw new OperationFailed(name + " is still there " + DEATH.toSeconds()
                            + " s after it was killed; is it being traced?");
                }
            }
            handle.exitStatus().ifPresent(this::know);
            handle.reap();
        } finally {
            if (endsWithUs) {
                LiveChildren.closed(this);
            }
            synchronized (this) {
                closed = true;
                go.close();
                report.close();
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
