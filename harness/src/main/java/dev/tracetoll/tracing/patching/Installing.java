package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.process.Uninterrupted;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.tracing.TracedProcess;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Has an {@link Installation} put its jumps in, when the process executes its program or at once, and take them away again. It does so by threads
 * of its own, as ptrace(2) wants one and the same for all that belongs together, and who calls this may be traced by others, or trace.
 */
public final class Installing {

    private final TracedProcess process;
    private final Installation installation;
    private final Runnable ready;
    private final CountDownLatch attached = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    /** @param ready told when all is there that jumps lead to, and before there is any jump */
    public Installing(TracedProcess process, Installation installation, Runnable ready) {
        this.process = process;
        this.installation = installation;
        this.ready = ready;
        thread = daemon(this::install);
    }

    private Thread daemon(Runnable task) {
        Thread daemon = new Thread(task, "patch " + process.pid());
        daemon.setDaemon(true);
        return daemon;
    }

    /** Starts; returns when the jumps are in, or will be as soon as the process has executed its program. */
    public void start() {
        thread.start();
        Uninterrupted.await(attached::await);
        throwFailure();
    }

    private void install() {
        try {
            if (process.awaitingExec()) {
                installation.installAtExec(attached::countDown, ready);
            } else {
                installation.install(ready);
                installation.tellStop();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            attached.countDown();
        }
    }

    /** Throws what has gone wrong so far, if anything has. */
    public void throwFailure() {
        Throwable known = failure;
        if (known != null) {
            throw known instanceof Problem problem
                    ? problem
                    : new OperationFailed("tracing process " + process.pid() + " failed: " + known, known);
        }
    }

    /** What is being put in is put in, so that it can be taken away; else nothing is. */
    public void cancel() {
        if (installation.cancel()) {
            Uninterrupted.await(thread::join);
        }
    }

    /** Takes the jumps away. */
    public void remove() {
        byOwnThread(installation::remove);
    }

    /** Takes some of the jumps away: see {@link Installation#remove(Predicate)}. */
    public void remove(Predicate<Patch> which) {
        byOwnThread(() -> installation.remove(which));
    }

    private void byOwnThread(Runnable task) {
        Throwable[] failed = new Throwable[1];
        Thread removing = daemon(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failed[0] = e;
            }
        });
        removing.start();
        Uninterrupted.await(removing::join);
        if (failed[0] instanceof RuntimeException e) {
            throw e;
        } else if (failed[0] instanceof Error e) {
            throw e;
        }
    }
}
