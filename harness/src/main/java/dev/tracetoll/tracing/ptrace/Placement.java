package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.process.Affinity;
import dev.tracetoll.process.GuardTable;
import dev.tracetoll.process.ThreadWatcher;
import dev.tracetoll.process.Tracee;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Places threads that hit often, one stop soon after the other, on the CPU of the thread that traces them: on one CPU a stop and its end are
 * two context switches, on two each has to wake an idle CPU as well. In a guest with two CPUs, where that is dear, a bare stop costs 4 µs
 * on one and 104 µs on two.
 *
 * <p>It cannot be had by moving the tracer alone: a thread that goes on is woken, and the kernel wakes it on the other CPU if that is idle.
 * To confine the thread only while it is woken, and to free it at once, costs two more system calls at each hit, 1.1 µs. So a thread stays
 * confined as long as it hits often, and is given back what it had as soon as it does not, as well as at its end, when it creates another
 * thread or process, which would inherit it, and when the trace ends.
 */
final class Placement implements ThreadWatcher {

    /** Apart, two stops follow each other in little more than the 100 µs that waking takes where it is dear. */
    private static final long OFTEN_NS = 200_000;
    /** Together, time between stops is the program's own, and better spent in parallel if there is so much of it. */
    private static final long SELDOM_NS = 400_000;
    /** How many stops in a row show the one or the other. */
    private static final int ENOUGH = 16;
    /** How long after its last hit a thread is set free. */
    private static final long IDLE_NS = 20_000_000;

    /** A thread that hits. */
    private static final class Hitter {
        private final int thread;
        /** By {@link System#nanoTime()}. */
        private long lastHitNs;
        /** How many hits in a row have spoken for placing it otherwise. */
        private int streak;
        /** The CPUs it may run on, while it is confined to one; else null. */
        private @Nullable Affinity before;

        Hitter(int thread) {
            this.thread = thread;
        }
    }

    private final boolean enabled;
    private final Map<Tracee, Hitter> hitters = new HashMap<>();
    private volatile @Nullable Thread watch;
    private volatile boolean ended;
    private final List<Hitter> confined = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // Known while {@link #cpu} is.
    private Affinity own;

    @SuppressWarnings("NullAway.Init") // Known while {@link #cpu} is.
    private Affinity one;

    private volatile int cpu = -1;
    private long lastSweepNs = System.nanoTime();
    private volatile long lastHitNs;
    private GuardTable table = GuardTable.unread(0);

    Placement(boolean enabled) {
        this.enabled = enabled;
    }

    /** Notes in a table, from now on, what is to be undone. */
    void notedIn(GuardTable guarded) {
        table = guarded;
    }

    /** Notes a hit; false if the thread has stopped apart from this one, so that each had, or has, to wake the other's CPU. */
    boolean hit(Tracee tracee, long nowNs) {
        if (!enabled || ended) {
            return false;
        }
        lastHitNs = nowNs;
        Hitter hitter = hitters.computeIfAbsent(tracee, any -> new Hitter(any.thread()));
        long pause = nowNs - hitter.lastHitNs;
        hitter.lastHitNs = nowNs;
        boolean beside = hitter.before != null;
        if (beside) {
            hitter.streak = pause > SELDOM_NS ? hitter.streak + 1 : 0;
            if (hitter.streak >= ENOUGH) {
                free(hitter);
                confined.remove(hitter);
            }
        } else {
            hitter.streak = pause < OFTEN_NS ? hitter.streak + 1 : 0;
            if (hitter.streak >= ENOUGH) {
                confine(hitter);
            }
        }
        if (nowNs - lastSweepNs > IDLE_NS) {
            sweep(nowNs);
        }
        return beside;
    }

    private void confine(Hitter hitter) {
        hitter.streak = 0;
        Affinity before = Affinity.ofThread(hitter.thread);
        if (cpu < 0) {
            settle();
        }
        if (before == null || !before.contains(cpu) || !table.confines(hitter.thread, before)) {
            return;
        }
        if (one.apply(hitter.thread)) {
            hitter.before = before;
            confined.add(hitter);
        } else {
            table.frees(hitter.thread);
        }
    }

    /** Makes the CPU that this thread is on its only one. */
    private void settle() {
        own = Affinity.ofThisThread();
        cpu = Affinity.currentCpu();
        one = Affinity.of(List.of(cpu));
        table.confinesTo(cpu);
        one.apply(0);
        LockSupport.unpark(watch);
    }

    private void free(Hitter hitter) {
        Affinity now = Affinity.ofThread(hitter.thread);
        // What the program has chosen meanwhile stays.
        if (hitter.before != null && now != null && now.sameAs(one)) {
            hitter.before.apply(hitter.thread);
        }
        table.frees(hitter.thread);
        hitter.before = null;
        hitter.streak = 0;
    }

    /** Frees the threads that have not hit for a while, and this one with the last of them. */
    void sweep(long nowNs) {
        lastSweepNs = nowNs;
        if (cpu < 0) {
            return;
        }
        for (Iterator<Hitter> each = confined.iterator(); each.hasNext(); ) {
            Hitter hitter = each.next();
            if (nowNs - hitter.lastHitNs > IDLE_NS) {
                free(hitter);
                each.remove();
            }
        }
        if (confined.isEmpty()) {
            freeSelf();
        }
    }

    /** Gives a new thread or process what its parent had before it was confined. */
    @Override
    public void born(Tracee child, Tracee parent) {
        Hitter hitter = hitters.get(parent);
        if (hitter != null && hitter.before != null) {
            hitter.before.apply(child.thread());
        }
    }

    /** Gives the thread that goes on what one of its process had before it was confined. */
    @Override
    public void gone(Tracee tracee, int thread) {
        Hitter hitter = hitters.remove(tracee);
        if (hitter != null && hitter.before != null) {
            if (thread != 0) {
                hitter.before.apply(thread);
            }
            confined.remove(hitter);
            table.frees(hitter.thread);
        }
    }

    /** Frees all, and confines none from now on. */
    void end() {
        ended = true;
        confined.forEach(this::free);
        confined.clear();
        freeSelf();
        LockSupport.unpark(watch);
    }

    /**
     * Sees to it that threads which have stopped hitting are freed also when nobody hits any more. Returns at the end.
     *
     * @param wake makes the tracing thread {@link #sweep}
     */
    void watch(Runnable wake) {
        watch = Thread.currentThread();
        while (!ended) {
            if (cpu < 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, IDLE_NS);
                if (cpu >= 0 && System.nanoTime() - lastHitNs > IDLE_NS) {
                    wake.run();
                }
            }
        }
    }

    private void freeSelf() {
        if (cpu >= 0) {
            own.apply(0);
            cpu = -1;
        }
    }
}
