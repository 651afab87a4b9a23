package dev.tracetoll.tracing.ring;

import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.bpf.RingBuffer;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.linux.process.Uninterrupted;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.record.EventAssembler;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that drains a session's ring buffer. Unless told otherwise, it looks now and then, so that no probe hit pays for a wakeup: as
 * seldom as the ring buffer allows at the rate of late, because a consumer that is at the producer's heels takes the cache lines away from it
 * that it is about to write.
 */
public final class RingDrainer {

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

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What is drained. */
    @FunctionalInterface
    public interface Source {
        /** Drains the ring buffer once, publishes the counts, and says how many records there were. */
        int drain();

        /** How many bytes of records found no room so far. */
        default long lostBytes() {
            return 0;
        }
    }

    /** What wakes the consumer. */
    @FunctionalInterface
    public interface Bell {
        /** Waits until it is rung, at most that long. */
        void await(Duration timeout);

        /** A ring buffer that a record is written into to wake the consumer, and that has nothing else in it. */
        static Bell of(RingBuffer rung) {
            return timeout -> {
                rung.await(timeout);
                rung.drain((data, offset, length) -> {});
            };
        }
    }

    private final Ring ring;
    private final int pid;
    private final Source source;
    private final Draining draining;
    private final Optional<Bell> bell;
    private final long longestPauseNs;
    private final RoomNeeded needed = new RoomNeeded();
    private long lastDrainedNs;
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
     * @param draining when to look
     * @param bell what probe hits ring, if there is to be a wakeup
     * @param mostRecordBytes what a record takes of the ring buffer at most
     */
    public RingDrainer(Ring ring, int pid, Source source, Draining draining, Optional<Bell> bell, int mostRecordBytes) {
        this.draining = draining;
        this.bell = bell;
        this.longestPauseNs = draining.interval()
                .map(Duration::toNanos)
                .orElse(mostRecordBytes <= SHORT_RECORD_BYTES ? LONGEST_PAUSE_OF_SHORT_RECORDS_NS : LONGEST_PAUSE_NS);
        this.ring = ring;
        this.pid = pid;
        this.source = source;
        lastDrainedNs = System.nanoTime();
        thread = new Thread(this::drain, "tracetoll-ebpf-" + pid);
        thread.setDaemon(true);
        thread.start();
    }

    private void drain() {
        try {
            if (bell.isPresent()) {
                drainWhenRung(bell.get());
            } else if (draining.wakeup() == Draining.Wakeup.TIMED) {
                drainByTheClock();
            } else {
                drainAsSeldomAsPossible();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void drainWhenRung(Bell rung) {
        while (!ending) {
            awaitWork();
            rung.await(draining.longestWait());
            drainOnce();
        }
    }

    private void drainByTheClock() {
        long intervalNs = draining.longestWait().toNanos();
        while (!ending) {
            awaitWork();
            long beganNs = System.nanoTime();
            drainOnce();
            LockSupport.parkNanos(intervalNs - (System.nanoTime() - beganNs));
        }
    }

    private void drainAsSeldomAsPossible() {
        long lastNs = System.nanoTime();
        long last = ring.producerPosition();
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
     * How long an adaptive reader lets pass between two looks at most: nothing that probes can write in that time fills its share of the ring.
     *
     * @param mostRecordBytes what a record takes of the ring at most
     */
    public static long longestAdaptivePauseNs(int ringBytes, int mostRecordBytes) {
        long longestNs = mostRecordBytes <= SHORT_RECORD_BYTES ? LONGEST_PAUSE_OF_SHORT_RECORDS_NS : LONGEST_PAUSE_NS;
        long unforeseenNs = (long) (SHARE * ringBytes / HIGHEST_RATE);
        // A shorter pause is none.
        return unforeseenNs < SHORTEST_PAUSE_NS ? 0 : Math.min(longestNs, unforeseenNs);
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

    /** The CPU time of the thread so far, in ns. */
    public long cpuNs() {
        return THREADS.getThreadCpuTime(thread.getId());
    }

    private void drainOnce() {
        long beganNs = System.nanoTime();
        long from = ring.consumerPosition();
        source.drain();
        long to = ring.consumerPosition();
        long endedNs = System.nanoTime();
        needed.drained(
                beganNs - lastDrainedNs,
                to - from,
                endedNs - beganNs,
                ring.producerPosition() - from,
                source.lostBytes());
        lastDrainedNs = endedNs;
        drainedTo = to;
    }

    /** How many bytes of ring buffer would have done for nothing to be lost, once closed; no power of two. */
    public long bytesNeeded() {
        return needed.bytes();
    }

    /** All that was drained, in bytes; once closed. */
    public long drainedBytes() {
        return needed.drainedBytes();
    }

    /** How long that took, in ns; once closed. */
    public long drainingNs() {
        return needed.drainingNs();
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
     * Detaches; what is in the ring buffer by then is still drained. A session that is closed has detached, and has given its memory back.
     *
     * @param detach makes sure that nothing produces records any more
     */
    public synchronized void detach(Runnable detach) {
        if (!closed) {
            detachNow(detach);
        }
    }

    private void detachNow(Runnable detach) {
        if (!detached) {
            detached = true;
            // Before: a process that ends while probes are detached may have returned from its calls meanwhile.
            outlived = TaskStatus.of(pid).filter(TaskStatus::hasMemory).isPresent();
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
        try {
            detachNow(detach);
        } catch (RuntimeException | Error e) {
            end();
            throw e;
        }
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
        end();
        if (failure != null) {
            return false;
        }
        // The thread has ended: this one is the only one that drains now.
        drainOnce();
        return true;
    }

    private void end() {
        ending = true;
        LockSupport.unpark(thread);
        Uninterrupted.await(thread::join);
    }

    private void checkFailure() {
        Throwable failed = failure;
        if (failed != null) {
            throw new OperationFailed("Tracing process " + pid + " failed: " + failed, failed);
        }
    }
}
