package dev.tracetoll.tracing.ring;

import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.bpf.RingBuffer;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.record.EventAssembler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that drains a session's ring buffer. It looks now and then, so that no probe hit pays for a wakeup: as seldom as the ring
 * buffer allows at the rate of late, because a consumer that is at the producer's heels takes the cache lines away from it that it is about
 * to write.
 */
public final class RingDrainer {

    private static final Duration LONGEST_WAIT = Duration.ofMillis(10);
    private static final long LONGEST_PAUSE_NS = Duration.ofMillis(1).toNanos();
    /** Where no record is long, so that even after it the ring buffer is mostly empty. */
    private static final long LONGEST_PAUSE_OF_SHORT_RECORDS_NS =
            Duration.ofMillis(8).toNanos();
    /** A shorter one would not be kept to: the kernel ends it up to this much later (timer slack, see prctl(2)). */
    private static final long SHORTEST_PAUSE_NS = Duration.ofNanos(50_000).toNanos();
    /** What a pause may let the ring buffer fill up to. */
    private static final double SHARE = 0.25;
    /** More than probes can write, in bytes a nanosecond: a million and a half short records a second. */
    private static final double HIGHEST_RATE = 0.25;

    private static final int SHORT_RECORD_BYTES = 166;
    private static final long SETTLE_NS = Duration.ofSeconds(30).toNanos();

    /** Drains the ring buffer once, and publishes the counts. */
    @FunctionalInterface
    public interface Pass {
        /** Drains, and says how many records there were. */
        int drain();
    }

    private final Ring ring;
    private final int pid;
    private final Pass pass;
    private final Optional<RingBuffer> bell;
    private final long longestPauseNs;
    private final Thread thread;

    private volatile boolean ending;
    private volatile boolean resting;
    private volatile @Nullable Throwable failure;
    /** The ring buffer's position up to which everything has been delivered. */
    private volatile long drainedTo;

    private boolean closed;
    private boolean detached;
    /** Whether the process was still there when tracing ended. */
    private boolean outlived;

    /**
     * Starts the thread.
     *
     * @param bell what rings for each record, if it is to be waited for
     * @param mostRecordBytes what a record takes of the ring buffer at most
     */
    public RingDrainer(Ring ring, int pid, Pass pass, Optional<RingBuffer> bell, int mostRecordBytes) {
        this.bell = bell;
        this.longestPauseNs =
                mostRecordBytes <= SHORT_RECORD_BYTES ? LONGEST_PAUSE_OF_SHORT_RECORDS_NS : LONGEST_PAUSE_NS;
        this.ring = ring;
        this.pid = pid;
        this.pass = pass;
        thread = new Thread(this::drain, "tracetoll-ebpf-" + pid);
        thread.setDaemon(true);
        thread.start();
    }

    private void drain() {
        try {
            long lastNs = System.nanoTime();
            long last = ring.producerPosition();
            while (!ending && bell.isPresent()) {
                awaitWork();
                bell.get().await(LONGEST_WAIT);
                bell.get().drain((data, offset, length) -> {});
                drainOnce();
            }
            while (!ending) {
                awaitWork();
                drainOnce();
                long nowNs = System.nanoTime();
                long now = ring.producerPosition();
                long pauseNs = pauseNs(now - last, nowNs - lastNs, now - ring.consumerPosition());
                lastNs = nowNs;
                last = now;
                if (pauseNs >= SHORTEST_PAUSE_NS) {
                    LockSupport.parkNanos(pauseNs);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void awaitWork() {
        while (resting && !ending) {
            LockSupport.park(this);
        }
    }

    /** Nothing need be drained until {@link #resume}. */
    public void rest() {
        resting = true;
    }

    /** Ends a {@link #rest}. */
    public void resume() {
        resting = false;
        LockSupport.unpark(thread);
    }

    /**
     * How long not to look.
     *
     * @param written bytes in the ns before
     * @param left bytes that are in the ring buffer already
     */
    private long pauseNs(long written, long ns, long left) {
        double room = SHARE * ring.bytes() - left;
        double unforeseen = room / HIGHEST_RATE;
        double asBefore = written == 0 ? (double) longestPauseNs : room * ns / written;
        return (long) Math.min((double) longestPauseNs, Math.min(unforeseen, asBefore));
    }

    private int drainOnce() {
        int records = pass.drain();
        drainedTo = ring.consumerPosition();
        return records;
    }

    /** Waits until every record that is in the ring buffer now has been delivered. */
    public void settle() {
        long until = ring.producerPosition();
        long deadline = System.nanoTime() + SETTLE_NS;
        while (drainedTo < until) {
            checkFailure();
            if (System.nanoTime() > deadline) {
                throw new OperationFailed("The ring buffer of process " + pid + " was not drained within "
                        + Duration.ofNanos(SETTLE_NS).toSeconds()
                        + " s; the machine is overloaded or the event sink is stuck");
            }
            LockSupport.unpark(thread);
            LockSupport.parkNanos(SHORTEST_PAUSE_NS);
        }
        checkFailure();
    }

    /**
     * Detaches; what is in the ring buffer by then is still drained.
     *
     * @param detach makes sure that nothing produces records any more
     */
    public synchronized void detach(Runnable detach) {
        if (!detached) {
            detached = true;
            // Before: a process that ends while probes are detached may have returned from its calls meanwhile.
            outlived = TaskStatus.of(pid).filter(task -> !task.isDead()).isPresent();
        }
        detach.run();
    }

    /**
     * Ends the session; later calls have no effect.
     *
     * @param detach makes sure that nothing produces records any more
     * @param end told, once all is drained, why calls that are still open will not be seen returning; unless draining has failed
     * @param release gives back what the session owns
     * @throws OperationFailed if draining has failed
     */
    public synchronized void close(Runnable detach, Consumer<String> end, Runnable release) {
        if (closed) {
            return;
        }
        closed = true;
        detach(detach);
        try {
            if (finish()) {
                end.accept(outlived ? EventAssembler.DETACHED : EventAssembler.EXIT);
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
