package dev.tracetoll.tracing.guard;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.process.Uninterrupted;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.TraceSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the account of a session, and takes probes off when the budget is passed; to be closed before the session is detached.
 *
 * <p>The hits are counted where they are, in the kernel or in the program. So what they cost is known at once, however far the events are behind.
 */
public final class Guard implements AutoCloseable {

    /** How often to read what was hit, at most. */
    private static final long INTERVAL_NS = Account.STEP_NS;
    /** Reading takes no more than this part of the time, where there are many functions, */
    private static final int PART_OF_TIME = 20;
    /** but is done as often as this. */
    private static final long LONGEST_INTERVAL_NS = 200_000_000;

    private final TraceSession session;
    private final Budget budget;
    private final Consumer<TakenOff> told;
    private final long beganNs = System.nanoTime();
    private final Account account;
    private final List<TakenOff> takenOff = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean nothingLeft;
    private volatile @Nullable RuntimeException failure;

    /**
     * Starts.
     *
     * @param session of a plan that is guarded
     * @param told of each function that has been taken off, at once
     */
    public Guard(TraceSession session, Budget budget, Consumer<TakenOff> told) {
        this.session = session;
        this.budget = budget;
        this.told = told;
        account = new Account(budget.tolls(), budget.share(), beganNs);
        thread = new Thread(this::watch, "budget guard");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (!closed && !nothingLeft) {
                long startedNs = System.nanoTime();
                look(startedNs);
                long took = System.nanoTime() - startedNs;
                LockSupport.parkNanos(this, Math.max(INTERVAL_NS, Math.min(LONGEST_INTERVAL_NS, took * PART_OF_TIME)));
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void look(long nowNs) {
        List<FunctionHits> hits = session.hits();
        if (hits.isEmpty()) {
            return;
        }
        List<Integer> going = account.read(nowNs, hits);
        if (going.isEmpty()) {
            return;
        }
        List<TracedFunction> functions =
                going.stream().map(budget.functions()::get).toList();
        session.takeOff(functions);
        for (int i = 0; i < going.size(); i++) {
            int function = going.get(i);
            TakenOff off = new TakenOff(
                    functions.get(i), nowNs - beganNs, hits.get(function).entries(), account.share(function));
            takenOff.add(off);
            told.accept(off);
        }
        nothingLeft = account.nothingLeft();
    }

    /** Whether everything was taken off, so that there is nothing to trace any more. Throws what has gone wrong: nobody watches any more then. */
    public boolean nothingLeft() {
        RuntimeException known = failure;
        if (known != null) {
            throw known;
        }
        return nothingLeft;
    }

    /** What was spent so far. */
    public synchronized Spending spending() {
        return new Spending(budget.share(), account.most(), takenOff);
    }

    /** Ends the watch; nothing is taken off any more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Uninterrupted.await(thread::join);
    }
}
