package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.RingBuffer;
import dev.tracetoll.linux.TaskStatus;
import dev.tracetoll.problem.OperationFailed;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The one thread that drains a session's ring buffer; it polls, so that no probe hit pays for a wakeup. */
final class RingDrainer {

    /** Between two looks at an idle ring buffer; with records of 128 bytes a ring of 4 MiB takes 30 million a second to fill in it. */
    private static final long IDLE_NS = Duration.ofMillis(1).toNanos();
    private static final long SETTLE_NS = Duration.ofSeconds(30).toNanos();

    /** Drains the ring buffer once, and publishes the counts. */
    @FunctionalInterface
    interface Pass {
        /** @return how many records there were */
        int drain();
    }

    private final RingBuffer ring;
    private final int pid;
    private final Pass pass;
    private final Thread thread;

    private volatile boolean ending;
    private volatile Throwable failure;
    /** The ring buffer's position up to which everything has been delivered. */
    private volatile long drainedTo;
    private boolean closed;

    /** Starts the thread. */
    RingDrainer(RingBuffer ring, int pid, Pass pass) {
        this.ring = ring;
        this.pid = pid;
        this.pass = pass;
        thread = new Thread(this::drain, "tracetoll-ebpf-" + pid);
        thread.setDaemon(true);
        thread.start();
    }

    private void drain() {
        try {
            while (!ending) {
                if (drainOnce() == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private int drainOnce() {
        int records = pass.drain();
        drainedTo = ring.consumerPosition();
        return records;
    }

    /** Waits until every record that is in the ring buffer now has been delivered. */
    void settle() {
        long until = ring.producerPosition();
        long deadline = System.nanoTime() + SETTLE_NS;
        while (drainedTo < until) {
            checkFailure();
            if (System.nanoTime() > deadline) {
                throw new OperationFailed("The ring buffer of process " + pid + " was not drained within "
                        + Duration.ofNanos(SETTLE_NS).toSeconds() + " s; the machine is overloaded or the event sink is stuck");
            }
            LockSupport.unpark(thread);
            LockSupport.parkNanos(IDLE_NS / 10);
        }
        checkFailure();
    }

    /**
     * Ends the session; later calls have no effect.
     *
     * @param detach makes sure that nothing produces records any more
     * @param end told, once all is drained, why calls that are still open will not be seen returning; unless draining has failed
     * @param release gives back what the session owns
     * @throws OperationFailed if draining has failed
     */
    synchronized void close(Runnable detach, Consumer<String> end, Runnable release) {
        if (closed) {
            return;
        }
        closed = true;
        detach.run();
        try {
            if (finish()) {
                end.accept(TaskStatus.of(pid).filter(task -> !task.isDead()).isPresent() ? "detached" : "exit");
            }
        } finally {
            release.run();
        }
        checkFailure();
    }

    /** Ends the thread and drains what is left; returns whether all went well so far. */
    private boolean finish() {
        ending = true;
        LockSupport.unpark(thread);
        join();
        if (failure != null) {
            return false;
        }
        // The thread has ended: this one is the only one that drains now.
        drainOnce();
        return true;
    }

    private void checkFailure() {
        Throwable failed = failure;
        if (failed != null) {
            throw new OperationFailed("Tracing process " + pid + " failed: " + failed, failed);
        }
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
