package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.WakeSignal;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.process.AtExit;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session and its one thread, which makes every ptrace request: the kernel lets nobody else.
 *
 * <p>A thread of the program goes on past a probe only after the event was delivered, so whatever it does next, somebody who sees it also
 * finds the event delivered. This is why {@link #settle()} need not wait.
 */
final class PtraceSession implements TraceSession {

    /** What the thread does, from attaching to detaching. */
    interface Work {
        /** Attaches. */
        void attach();

        /** Traces until there is nothing more to trace or the session is being closed. */
        void run(BooleanSupplier closing);

        /** Handles what is under way and detaches. */
        void release();

        /** Detaches as well as possible; what goes wrong meanwhile is added to the failure. */
        void releaseAfterFailure(Throwable failure);

        /** Why nothing is traced any more although the process runs on; for any thread. */
        default Optional<String> leftBehind() {
            return Optional.empty();
        }

        /** As {@link TraceSession#hits}. */
        default List<FunctionHits> hits() {
            throw new UnsupportedOperationException("hits of single functions are not counted");
        }

        /** As {@link TraceSession#takeOff}. */
        default void takeOff(List<TracedFunction> functions) {
            throw new UnsupportedOperationException("single functions cannot be taken off");
        }

        /** How often the processor was asked for a single instruction; told when the work is done. */
        default long steps() {
            return 0;
        }

        /** Does what the process still needs once the session is closed. */
        default void linger() {}
    }

    /** Begins the work on the thread that is to do it. */
    @FunctionalInterface
    interface Beginning {
        /**
         * Begins, on the thread that is to go on with it.
         *
         * @param published to be told the counts whenever they have changed
         */
        Work begin(Consumer<TraceCounts> published);
    }

    /** How often to wake the thread until it has noticed: a signal that comes just before it blocks has no effect. */
    private static final long WAKE_INTERVAL_MS = 2;

    private final TracedProcess process;
    private final Thread thread;
    private final Thread placementWatch;
    private @Nullable AtExit atExit;
    private final CountDownLatch attached = new CountDownLatch(1);
    /** Counted down when the thread has noticed that it is to end, so that it need not be woken any more. */
    private final CountDownLatch noticed = new CountDownLatch(1);
    /** Counted down when the session is over. */
    private final CountDownLatch released = new CountDownLatch(1);

    private volatile int kernelThread;
    private volatile boolean closing;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private volatile long steps;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Work begun;
    private boolean failureTold;

    /** @param placement where threads are placed */
    PtraceSession(TracedProcess process, Placement placement, Beginning beginning) {
        this.process = process;
        this.thread = new Thread(() -> trace(placement, beginning), "ptrace " + process.pid());
        thread.setDaemon(true);
        this.placementWatch = new Thread(
                () -> placement.watch(() -> WakeSignal.get().wake(kernelThread)), "placement " + process.pid());
        placementWatch.setDaemon(true);
    }

    /** How often the processor was asked for a single instruction, once the session is closed. */
    long steps() {
        return steps;
    }

    /** Starts the thread; returns when the process is attached to. */
    void start() {
        AtExit hook = new AtExit("close ptrace session", this::close);
        atExit = hook;
        WakeSignal.get();
        thread.start();
        placementWatch.start();
        while (!awaitBriefly(attached)) {
            // Attaching takes as long as the threads take to stop.
        }
        if (failure != null) {
            awaitRelease();
            hook.close();
            if (failure instanceof Problem problem) {
                throw problem;
            }
            throw failed();
        }
    }

    private void trace(Placement placement, Beginning beginning) {
        kernelThread = Ptrace.currentThread();
        WakeSignal.get().unblock();
        Work work = null;
        try {
            work = beginning.begin(published -> counts = published);
            begun = work;
            work.attach();
            attached.countDown();
            work.run(this::isClosing);
            noticed.countDown();
            work.release();
            steps = work.steps();
        } catch (Throwable e) {
            failure = e;
            noticed.countDown();
            if (work != null) {
                work.releaseAfterFailure(e);
            }
        } finally {
            placement.end();
            noticed.countDown();
            attached.countDown();
            released.countDown();
        }
        if (work != null) {
            work.linger();
        }
    }

    private boolean isClosing() {
        return closing;
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public List<FunctionHits> hits() {
        Work work = begun;
        return work == null ? List.of() : work.hits();
    }

    @Override
    public void takeOff(List<TracedFunction> functions) {
        Work work = begun;
        if (work != null) {
            work.takeOff(functions);
        }
    }

    @Override
    public void settle() {
        if (failure != null) {
            throw failed();
        }
    }

    @Override
    public Optional<String> follow() {
        Work work = begun;
        return work == null ? Optional.empty() : work.leftBehind();
    }

    @Override
    public void detach() {
        closing = true;
        if (Thread.currentThread() == thread) {
            // A sink that has seen enough: the thread ends once the event is handled.
            return;
        }
        while (!awaitBriefly(noticed)) {
            WakeSignal.get().wake(kernelThread);
        }
        awaitRelease();
    }

    @Override
    public void close() {
        detach();
        if (Thread.currentThread() == thread) {
            return;
        }
        if (atExit != null) {
            atExit.close();
        }
        synchronized (this) {
            if (failure != null && !failureTold) {
                failureTold = true;
                throw failed();
            }
        }
    }

    /** A new one each time: whoever catches one may add to it what else goes wrong. */
    private OperationFailed failed() {
        return new OperationFailed(
                "tracing process " + process.pid() + " failed: "
                        + (failure instanceof Problem ? failure.getMessage() : failure),
                failure);
    }

    private static boolean awaitBriefly(CountDownLatch latch) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAKE_INTERVAL_MS);
        try {
            while (true) {
                try {
                    return latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitRelease() {
        while (!awaitBriefly(released)) {
            // Releasing takes as long as the threads take to stop.
        }
    }
}
