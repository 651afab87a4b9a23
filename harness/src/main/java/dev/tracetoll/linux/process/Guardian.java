package dev.tracetoll.linux.process;

import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.linux.libc.ThreadCalls;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/**
 * The program {@code guardian}, running: a small process that outlives this JVM for as long as it takes to see to the process being traced,
 * should this JVM be killed. What it does is described in {@code guardian.c}. It ends when it is closed.
 */
public final class Guardian implements AutoCloseable {

    private static final String PROGRAM = "guardian";
    private static final String READY = "ready\n";
    private static final byte[] RELEASED = {'q'};
    private static final byte[] REPAIR = {'r'};
    private static final Duration A_DAY = Duration.ofDays(1);

    private final ChildProcess child;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean told;

    private Guardian(ChildProcess child) {
        this.child = child;
    }

    /**
     * Starts one that kills a process when this JVM ends before the guardian is closed.
     *
     * @param lost called if the guardian is ended by somebody else
     * @throws OperationFailed if it cannot be started
     */
    public static Guardian killing(int process, Runnable lost) {
        return start(process, List.of("kill"), lost);
    }

    /**
     * Starts one that has a process continue if it is stopped by SIGSTOP when this JVM ends before the guardian is closed.
     *
     * @param lost called if the guardian is ended by somebody else
     * @throws OperationFailed if it cannot be started
     */
    public static Guardian continuing(int process, Runnable lost) {
        return start(process, List.of("continue"), lost);
    }

    /**
     * Starts one that repairs a process when this JVM ends before the guardian is closed. To be called by the thread that traces.
     *
     * @param table the file that says what there is to be repaired; may be deleted on return
     * @param lost called if the guardian is ended by somebody else
     * @throws OperationFailed if it cannot be started
     */
    public static Guardian repairing(int process, Path table, Runnable lost) {
        return start(process, List.of(Integer.toString(ThreadCalls.LIBC.gettid()), table.toString()), lost);
    }

    /** @param task what it is to do, as its command line says */
    private static Guardian start(int process, List<String> task, Runnable lost) {
        List<String> arguments =
                new ArrayList<>(List.of(Integer.toString(ProcessCalls.LIBC.getpid()), Integer.toString(process)));
        arguments.addAll(task);
        CompletableFuture<Guardian> started = new CompletableFuture<>();
        // The thread that starts it is its parent. A thread that traces waits for all its children, and would reap this
        // one as well.
        Thread parent = new Thread(
                () -> {
                    try {
                        started.complete(new Guardian(spawn(arguments)));
                    } catch (IOException | RuntimeException e) {
                        started.completeExceptionally(e);
                        return;
                    }
                    started.join().reap(lost);
                },
                "guardian of " + process);
        parent.setDaemon(true);
        parent.start();
        try {
            return started.join();
        } catch (CompletionException e) {
            Throwable why = e.getCause() != null ? e.getCause() : e;
            throw new OperationFailed(
                    "the guardian of process " + process + " cannot be started: " + why.getMessage(), why);
        }
    }

    private static ChildProcess spawn(List<String> arguments) throws IOException {
        // A pipe for its input also gives it a process group of its own: a Ctrl-C is not for it.
        ChildProcess child = ChildProcess.spawnToOutliveUs(new Launch(
                NativeProgram.named(PROGRAM),
                arguments,
                Map.of(),
                Redirect.PIPE,
                Redirect.PIPE,
                Redirect.INHERIT,
                false));
        awaitReady(child);
        return child;
    }

    private static void awaitReady(ChildProcess child) throws IOException {
        try {
            String answer = new String(child.stdout().readNBytes(READY.length()), StandardCharsets.US_ASCII);
            if (!answer.equals(READY)) {
                throw new IOException("it has ended");
            }
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private void reap(Runnable lost) {
        try {
            while (child.awaitExit(A_DAY).isEmpty()) {
                // It lives as long as there is something to guard.
            }
            if (!told) {
                lost.run();
            }
            child.close();
        } finally {
            ended.countDown();
        }
    }

    /** Makes it repair the process as soon as nobody traces it any more; then it ends. */
    public void repair() {
        tell(REPAIR);
    }

    /** Lets it end, as the process has been let go in good order. On return it has ended. */
    @Override
    public void close() {
        tell(RELEASED);
        Uninterrupted.await(ended::await);
    }

    private void tell(byte[] what) {
        told = true;
        try {
            child.stdin().write(what);
        } catch (IOException | IllegalStateException e) {
            // It was ended by somebody else.
        }
    }
}
