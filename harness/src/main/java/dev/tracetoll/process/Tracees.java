package dev.tracetoll.process;

import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.WaitStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The threads being traced: their states, their stops, and what moves them. Every stop that is waited for, whatever for, ends up among the
 * arrivals and is handled from there, so none is lost.
 */
public final class Tracees {

    /** As long as a thread takes to stop that runs on another CPU. */
    private static final long A_MOMENT_NS = 50_000;

    private final Ptrace ptrace;
    private final int process;
    private final IntConsumer reaped;
    private final List<ThreadWatcher> watchers = new ArrayList<>();
    private final GuardTable table;
    private final Map<Integer, Tracee> byThread = new HashMap<>();
    /** Threads that have stopped before the birth that explains them was reported. */
    private final Map<Integer, Tracee> unexplained = new HashMap<>();

    private final Deque<Tracee> arrivals = new ArrayDeque<>();
    /** Threads whose stop has been handled since threads last went on. */
    private final Deque<Tracee> due = new ArrayDeque<>();

    private long steps;

    /**
     * @param reaped told the wait status of the process when it is collected here
     * @param table told of what is not to be lost
     */
    public Tracees(Ptrace ptrace, int process, IntConsumer reaped, GuardTable table) {
        this.ptrace = ptrace;
        this.table = table;
        this.process = process;
        this.reaped = reaped;
    }

    /** Tells somebody, from now on, what becomes of the threads. */
    public void watchedBy(ThreadWatcher watcher) {
        watchers.add(watcher);
    }

    /** Adds a thread of the process that has just been seized. */
    void seized(int thread) {
        byThread.put(thread, new Tracee(thread, process));
    }

    boolean knows(int thread) {
        return byThread.containsKey(thread) || unexplained.containsKey(thread);
    }

    public Collection<Tracee> all() {
        return List.copyOf(byThread.values());
    }

    /** The next stop to handle, in the order of their coming; null if there is none. */
    public Tracee nextArrival() {
        Tracee tracee = arrivals.poll();
        if (tracee != null) {
            tracee.unhandled = false;
            if (!tracee.due) {
                tracee.due = true;
                due.add(tracee);
            }
        }
        return tracee;
    }

    /** Whether a thread is still traced, and in a stop. */
    public boolean isStopped(Tracee tracee) {
        return tracee.state == Tracee.State.STOPPED && isTraced(tracee);
    }

    /** False if it is gone, also if its id has passed to a thread that has executed another program. */
    private boolean isTraced(Tracee tracee) {
        return byThread.get(tracee.thread()) == tracee;
    }

    /** Whether no stop waits to be handled. */
    public boolean isIdle() {
        return arrivals.isEmpty();
    }

    /** Waits for one report; false if nothing is traced any more. The wait may be interrupted and end without a report. */
    public boolean await() {
        int thread = ptrace.await();
        if (thread > 0 && ptrace.keepsStops() && isKnownStop(thread)) {
            awaitAnother();
        } else if (thread > 0) {
            report(thread, ptrace.status());
        } else if (thread < 0) {
            byThread.clear();
            unexplained.clear();
            arrivals.clear();
        }
        return thread >= 0;
    }

    /** Whether what was just reported is a stop that has been reported before: the thread has not gone on since. */
    private boolean isKnownStop(int thread) {
        Tracee explained = byThread.get(thread);
        Tracee tracee = explained != null ? explained : unexplained.get(thread);
        return tracee != null && tracee.state == Tracee.State.STOPPED && tracee.status == ptrace.status();
    }

    /** Looks for reports of all other threads; returns without one after a moment. */
    private void awaitAnother() {
        boolean any = false;
        for (Map<Integer, Tracee> threads : List.of(byThread, unexplained)) {
            for (int thread : List.copyOf(threads.keySet())) {
                if (ptrace.look(thread) && !isKnownStop(thread)) {
                    report(thread, ptrace.status());
                    any = true;
                }
            }
        }
        if (!any) {
            LockSupport.parkNanos(this, A_MOMENT_NS);
        }
    }

    /**
     * Takes note of what threads have stopped for by themselves since they were let go on. To be done before all are {@linkplain #stopAll stopped} if
     * they were not waited for meanwhile: a thread that is asked to stop while it is in a stop does so as soon as it goes on, before its next
     * instruction, and would never come further.
     */
    public void takeReports() {
        for (Tracee tracee : all()) {
            if (tracee.state == Tracee.State.RUNNING && isTraced(tracee) && ptrace.poll(tracee.thread())) {
                report(tracee.thread(), ptrace.status());
            }
        }
    }

    /** Stops every thread; on return none executes code of the program. */
    public void stopAll() {
        for (Tracee tracee : byThread.values()) {
            if (tracee.state == Tracee.State.RUNNING && !tracee.newborn && !ptrace.interrupt(tracee.thread())) {
                tracee.state = Tracee.State.ENDING;
            }
        }
        while (anyRunning() && await()) {
            // Each report changes the state of a thread.
        }
    }

    private boolean anyRunning() {
        for (Tracee tracee : byThread.values()) {
            if (tracee.state == Tracee.State.RUNNING) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lets every stopped thread go on whose stop has been handled.
     *
     * @param toSystemCall whether a thread is also to stop where it next enters or leaves a system call
     */
    public void resumeAll(Predicate<Tracee> toSystemCall) {
        for (Tracee tracee = due.poll(); tracee != null; tracee = due.poll()) {
            tracee.due = false;
            if (isStopped(tracee) && !tracee.unhandled) {
                resume(tracee, toSystemCall.test(tracee));
            }
        }
    }

    private void resume(Tracee tracee, boolean toSystemCall) {
        boolean alive;
        Tracee.State next;
        if (tracee.groupStopped) {
            next = Tracee.State.LISTENING;
            alive = ptrace.listen(tracee.thread());
        } else {
            next = tracee.entersVfork ? Tracee.State.VFORKING : Tracee.State.RUNNING;
            if (tracee.askForGroupStop) {
                ptrace.interrupt(tracee.thread());
            }
            alive = toSystemCall
                    ? ptrace.resumeToSystemCall(tracee.thread(), tracee.signal)
                    : ptrace.resume(tracee.thread(), tracee.signal);
        }
        forgetStop(tracee);
        tracee.state = alive ? next : Tracee.State.ENDING;
    }

    /** Lets a stopped thread go on just to report what is already waiting for it, and waits for that report. */
    public void letReport(Tracee tracee) {
        tracee.askForGroupStop = tracee.groupStopped;
        tracee.state = ptrace.resume(tracee.thread(), 0) ? Tracee.State.RUNNING : Tracee.State.ENDING;
        while (tracee.state == Tracee.State.RUNNING && isTraced(tracee) && await()) {
            // Reports of other threads are queued.
        }
    }

    /** Takes the threads in a group stop out of it, as they can be acted on only in a stop of their own. */
    public void wakeListening() {
        for (Tracee tracee : byThread.values()) {
            if (tracee.state == Tracee.State.LISTENING) {
                tracee.state = Tracee.State.RUNNING;
            }
        }
    }

    /** Stops tracing a stopped thread and lets it go on as if it had never been traced; false if it is dying. */
    public boolean detach(Tracee tracee) {
        boolean alive = ptrace.detach(tracee.thread(), tracee.signal);
        if (alive) {
            byThread.remove(tracee.thread());
        } else {
            tracee.state = Tracee.State.ENDING;
        }
        return alive;
    }

    /** Detaches from every thread; false if none was left alive to detach from. */
    public boolean detachAll(Runnable handleArrivals) {
        boolean any = false;
        while (true) {
            for (Tracee tracee : all()) {
                if (tracee.state == Tracee.State.STOPPED) {
                    any |= detach(tracee);
                }
            }
            // The ending ones are the kernel's: a leader that has ended is reported only after all its threads.
            boolean moreToCome = byThread.values().stream().anyMatch(tracee -> tracee.state != Tracee.State.ENDING);
            if (!moreToCome || !await()) {
                return any;
            }
            handleArrivals.run();
        }
    }

    /** Whether a thread belongs to the process that is traced, and not to a child that shares its memory or is a copy of it. */
    public boolean isOfProcess(Tracee tracee) {
        return tracee.process == process;
    }

    /**
     * Does something in the memory of the program through any stopped thread that can.
     *
     * @param action says whether it worked; if not, the thread is dying
     * @return false if there is no such thread
     */
    public boolean inMemory(Predicate<Tracee> action) {
        List<Tracee> candidates = byThread.values().stream()
                .sorted(Comparator.comparing(this::unfitness))
                .toList();
        for (Tracee tracee : candidates) {
            if (isStopped(tracee) && !tracee.ownMemory) {
                if (action.test(tracee)) {
                    return true;
                }
                tracee.state = Tracee.State.ENDING;
            }
        }
        return false;
    }

    /**
     * The less, the better a thread can be made to do something for the process: one that waits for a vforked child cannot, and that child has
     * the memory, but its own actions for signals.
     */
    private int unfitness(Tracee tracee) {
        if (!isOfProcess(tracee)) {
            return 3;
        }
        return WaitStatus.event(tracee.status) == WaitStatus.EVENT_VFORK
                ? 2
                : WaitStatus.isWithinSystemCall(tracee.status) ? 1 : 0;
    }

    /**
     * Lets a stopped thread execute one instruction. Signals that come first are kept and delivered when the thread goes on; a fault of the
     * instruction itself is delivered instead of the step.
     */
    public void step(Tracee tracee) {
        step(tracee, new ArrayList<>(), 0);
    }

    /** Lets a thread that has stopped for a signal execute one instruction before the signal is delivered. */
    public void stepBeforeSignal(Tracee tracee) {
        byte[] info = ptrace.signalInfo(tracee.thread());
        if (info == null) {
            return;
        }
        long mask = holdSignals(tracee, tracee.signal);
        tracee.signal = 0;
        step(tracee, new ArrayList<>(List.of(info)), mask);
    }

    private void step(Tracee tracee, List<byte[]> kept, long maskBefore) {
        long mask = maskBefore;
        while (stepOnce(tracee)) {
            int signal = WaitStatus.signal(tracee.status);
            if (WaitStatus.event(tracee.status) == WaitStatus.EVENT_STOP) {
                tracee.askForGroupStop |= signal != Signal.SIGTRAP;
                continue;
            }
            byte[] info = ptrace.signalInfo(tracee.thread());
            if (info == null) {
                return;
            }
            if (Signal.isSynchronous(signal) && Signal.code(info) > 0) {
                // The instruction's own int3 or fault belongs to the program, the trace trap does not.
                tracee.signal = signal == Signal.SIGTRAP && Signal.code(info) != Signal.SI_KERNEL ? 0 : signal;
                break;
            }
            if (kept.isEmpty()) {
                // The others wait in the kernel, in their order.
                mask = holdSignals(tracee, signal);
            }
            kept.add(info);
        }
        if (!kept.isEmpty() && tracee.state == Tracee.State.STOPPED) {
            ptrace.signalMask(tracee.thread(), mask);
            deliver(tracee, kept);
        }
        table.unmasked();
    }

    /**
     * Lets a stopped thread block the signals that others send, until it is unmasked.
     *
     * @param due the signal that it is to get then; 0 if there is none
     * @return what it has blocked so far
     */
    private long holdSignals(Tracee tracee, int due) {
        long mask = ptrace.signalMask(tracee.thread());
        table.masks(tracee.thread(), mask, due);
        ptrace.signalMask(tracee.thread(), mask | Signal.asynchronousMask());
        return mask;
    }

    /**
     * Leaves nothing to a stopped thread that the kernel would deliver, should this JVM be killed, but what the thread is to get: the SIGTRAP of
     * a hit or a step is forgotten, and a signal that is to come in its place waits in the kernel until the thread goes on.
     */
    public void settle(Tracee tracee) {
        if (!isStopped(tracee)
                || tracee.unhandled
                || WaitStatus.event(tracee.status) != 0
                || tracee.signal == WaitStatus.signal(tracee.status)) {
            return;
        }
        if (tracee.signal == 0) {
            ptrace.settle(tracee.thread());
            return;
        }
        int signal = tracee.signal;
        // One that is blocked when it is about to be delivered goes back to where it came from, with all it carries.
        long mask = holdSignals(tracee, 0);
        tracee.signal = 0;
        if (ptrace.interrupt(tracee.thread()) && moveOnce(tracee, thread -> ptrace.resume(thread, signal))) {
            int stoppedBy = WaitStatus.signal(tracee.status);
            if (WaitStatus.event(tracee.status) == WaitStatus.EVENT_STOP) {
                tracee.groupStopped = stoppedBy != Signal.SIGTRAP;
            } else {
                tracee.signal = stoppedBy;
            }
            ptrace.signalMask(tracee.thread(), mask);
        }
        table.unmasked();
    }

    /** Lets a stopped thread that blocks all signals run to its next stop at a system call; false if it is dying. */
    public boolean runToSystemCall(Tracee tracee) {
        boolean stop = false;
        boolean alive;
        do {
            alive = moveOnce(tracee, thread -> ptrace.resumeToSystemCall(thread, 0));
            // The one signal that cannot be blocked and does not kill: it is due again afterwards.
            stop |= alive && WaitStatus.event(tracee.status) == 0 && !WaitStatus.isSystemCall(tracee.status);
        } while (alive && !WaitStatus.isSystemCall(tracee.status));
        if (stop) {
            ptrace.send(tracee.process, tracee.thread(), Signal.SIGSTOP);
        }
        return alive;
    }

    /**
     * Does something with a stopped thread that moves it, and that leaves it where it was before. Its stop then is one that was asked for; a
     * signal that it had stopped for comes again.
     */
    public <T> T divert(Tracee tracee, Function<ForcedCall.Moves, T> action) {
        if (tracee.signal == 0
                && tracee.unhandled
                && WaitStatus.event(tracee.status) == 0
                && !WaitStatus.isSystemCall(tracee.status)) {
            tracee.signal = WaitStatus.signal(tracee.status);
        }
        if (tracee.signal != 0) {
            ptrace.send(tracee.process, tracee.thread(), tracee.signal);
            tracee.signal = 0;
        }
        boolean unhandled = tracee.unhandled;
        T result =
                action.apply(new ForcedCall.Moves(thread -> runToSystemCall(tracee), thread -> runToInterrupt(tracee)));
        if (isStopped(tracee)) {
            tracee.groupStopped = WaitStatus.event(tracee.status) == WaitStatus.EVENT_STOP
                    && WaitStatus.signal(tracee.status) != Signal.SIGTRAP;
            if (unhandled && !tracee.unhandled) {
                arrived(tracee);
            }
        }
        return result;
    }

    /** Lets a stopped thread that blocks all signals and has come from a system call stop again at once; false if it is dying. */
    private boolean runToInterrupt(Tracee tracee) {
        if (!ptrace.interrupt(tracee.thread())) {
            return false;
        }
        boolean stop = false;
        boolean alive;
        do {
            alive = moveOnce(tracee, thread -> ptrace.resume(thread, 0));
            stop |= alive && WaitStatus.event(tracee.status) == 0;
        } while (alive && WaitStatus.event(tracee.status) != WaitStatus.EVENT_STOP);
        if (stop) {
            ptrace.send(tracee.process, tracee.thread(), Signal.SIGSTOP);
        }
        return alive;
    }

    /** Delivers the signal that a thread has stopped for, up to the first instruction of its handler; false if it did not get there. */
    public boolean enterHandler(Tracee tracee) {
        int signal = tracee.signal;
        tracee.signal = 0;
        boolean alive = moveOnce(tracee, thread -> ptrace.enterHandler(thread, signal));
        while (alive && WaitStatus.event(tracee.status) == WaitStatus.EVENT_STOP) {
            tracee.askForGroupStop |= WaitStatus.signal(tracee.status) != Signal.SIGTRAP;
            alive = moveOnce(tracee, ptrace::singleStep);
        }
        return alive;
    }

    /** How often the processor was asked for a single instruction. */
    public long steps() {
        return steps;
    }

    private boolean stepOnce(Tracee tracee) {
        steps++;
        return moveOnce(tracee, ptrace::singleStep);
    }

    /** Moves and waits; false if the thread is dying or has stopped for something that is not a matter of the move. */
    private boolean moveOnce(Tracee tracee, IntPredicate move) {
        if (!move.test(tracee.thread())) {
            tracee.state = Tracee.State.ENDING;
            return false;
        }
        tracee.state = Tracee.State.RUNNING;
        while (tracee.state == Tracee.State.RUNNING && isTraced(tracee)) {
            if (!await()) {
                return false;
            }
        }
        int event = WaitStatus.event(tracee.status);
        if (!isTraced(tracee) || event != 0 && event != WaitStatus.EVENT_STOP) {
            return false;
        }
        arrivals.remove(tracee);
        tracee.unhandled = false;
        return true;
    }

    /** Hands the first kept signal, with all it carries, to the stop the thread is in, and sends the others again. */
    private void deliver(Tracee tracee, List<byte[]> kept) {
        int next = 0;
        table.hands(tracee.thread(), Signal.number(kept.get(0)));
        if (tracee.signal == 0 && !tracee.unhandled && ptrace.signalInfo(tracee.thread(), kept.get(0))) {
            tracee.signal = Signal.number(kept.get(0));
            next = 1;
        }
        for (byte[] info : kept.subList(next, kept.size())) {
            ptrace.send(tracee.process, tracee.thread(), Signal.number(info));
        }
    }

    private void report(int thread, int status) {
        Tracee tracee = byThread.get(thread);
        if (!WaitStatus.isStop(status)) {
            ended(thread, status);
            return;
        }
        int event = WaitStatus.event(status);
        if (event == WaitStatus.EVENT_EXEC) {
            tracee = executed(thread);
        } else if (tracee == null) {
            tracee = unexplained.computeIfAbsent(thread, unknown -> new Tracee(unknown, 0));
        }
        tracee.state = Tracee.State.STOPPED;
        tracee.status = status;
        tracee.newborn = false;
        if (event == WaitStatus.EVENT_EXIT) {
            ends(tracee);
        } else if (tracee.process != 0) {
            arrived(tracee);
        }
        if (event == WaitStatus.EVENT_CLONE || event == WaitStatus.EVENT_FORK || event == WaitStatus.EVENT_VFORK) {
            born(tracee);
        }
    }

    private void arrived(Tracee tracee) {
        tracee.unhandled = true;
        arrivals.add(tracee);
    }

    /** Lets a dying thread die at once: one that executes another program waits for it, and we may be waiting for that one. */
    private void ends(Tracee tracee) {
        // A first thread can be dead long before its process; our end must not kill the others.
        ptrace.options(tracee.thread(), Ptrace.FOLLOW);
        ptrace.resume(tracee.thread(), 0);
        tracee.state = Tracee.State.ENDING;
    }

    private void ended(int thread, int status) {
        Tracee tracee = byThread.remove(thread);
        unexplained.remove(thread);
        if (tracee != null) {
            arrivals.remove(tracee);
            watchers.forEach(watcher -> watcher.gone(tracee, 0));
        }
        if (thread == process) {
            reaped.accept(status);
        }
    }

    private void born(Tracee parent) {
        int thread = ptrace.newborn(parent.thread());
        if (thread == 0) {
            return;
        }
        Ptrace.Birth birth = ptrace.birth(parent.thread());
        Tracee early = unexplained.remove(thread);
        Tracee child = early != null ? early : new Tracee(thread, 0);
        child.newborn = early == null;
        child.process = birth == Ptrace.Birth.THREAD ? parent.process : thread;
        child.ownMemory = birth == Ptrace.Birth.OWN_MEMORY || parent.ownMemory;
        byThread.put(thread, child);
        watchers.forEach(watcher -> watcher.born(child, parent));
        if (child.state == Tracee.State.STOPPED) {
            arrived(child);
        }
    }

    /** A program was executed: whichever thread did it now has the process's id, and the other threads are gone. */
    private Tracee executed(int thread) {
        List<Tracee> others = byThread.values().stream()
                .filter(tracee -> tracee.process == thread)
                .toList();
        for (Tracee other : others) {
            byThread.remove(other.thread());
            arrivals.remove(other);
            watchers.forEach(watcher -> watcher.gone(other, thread));
        }
        Tracee tracee = new Tracee(thread, thread);
        tracee.ownMemory = true;
        byThread.put(thread, tracee);
        return tracee;
    }

    /** Adopts processes whose birth will never be explained, because their parent was killed as it was about to report it. */
    public void adoptOrphans() {
        if (!byThread.isEmpty() || unexplained.isEmpty()) {
            return;
        }
        for (Tracee orphan : unexplained.values()) {
            orphan.process = orphan.thread();
            orphan.ownMemory = true;
            byThread.put(orphan.thread(), orphan);
            if (orphan.state == Tracee.State.STOPPED) {
                arrived(orphan);
            }
        }
        unexplained.clear();
    }

    boolean isEmpty() {
        return byThread.isEmpty();
    }

    private static void forgetStop(Tracee tracee) {
        tracee.signal = 0;
        tracee.groupStopped = false;
        tracee.askForGroupStop = false;
        tracee.entersVfork = false;
    }
}
