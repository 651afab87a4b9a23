package dev.tracetoll.cli;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.EventTotals;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.format.EventWriter;
import dev.tracetoll.tracing.format.TraceSummary;
import dev.tracetoll.tracing.guard.Spending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of a session, up to a number of calls, and counts what it has written and what it could not.
 *
 * <p>Events come from the session's thread; whoever waits for the end of the session calls {@link #flushIfIdle()} now and then, so that
 * nothing written stays in the buffer while the program is quiet. A failure to write is kept, not thrown: tracing is ended in good order.
 *
 * <p>If whoever reads is so slow that the queue of lines is full, the session's thread waits for room, provided that this does not hold up the
 * program. Otherwise events are left out, and are lost, until there is room again: of a call that is left out its end is left out too, and a
 * call that was written and whose end is left out is written to have an unknown end, so that written calls and written ends always agree.
 */
final class EventOutput implements EventSink {

    private static final String LOST = "unknown, events were lost";
    /** How long to wait for room at a time; what ends the waiting also wakes. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final EventWriter writer;
    private final LineQueue lines;
    private final long limit;
    private final Collecting collecting;
    private final EventTotals eventTotals;
    private final Optional<Fallback> fallback;
    private final boolean mayWait;
    private final ReentrantLock lock = new ReentrantLock();
    private long calls;
    private long returned;
    private long noReturns;
    private long unpairedReturns;
    /** Calls within the limit whose end has not come. */
    private long open;

    /** Of calls and returns, those that another technique saw. */
    private long fallenBack;

    private long written;
    private long flushed;
    private boolean leavingOut;
    private final Omissions leftOut = new Omissions();
    /** Of calls that were written, those ends that still have to be. */
    private final Queue<TraceEvent.NoReturn> owed = new ArrayDeque<>();

    private List<FunctionTotal> totals = List.of();
    private volatile long lost;
    private volatile @Nullable IOException failure;
    private volatile boolean limitReached;
    private volatile boolean limitDone;

    /**
     * @param writer writes to the queue
     * @param limit how many calls to write at most
     * @param collecting what there is to write
     * @param functions those that are traced
     * @param fallback what another technique sees than the one that was asked for
     * @param mayWait whether the thread that delivers events may wait for whoever reads them, because the program does not wait for it
     */
    EventOutput(
            EventWriter writer,
            LineQueue lines,
            long limit,
            Collecting collecting,
            List<TracedFunction> functions,
            Optional<Fallback> fallback,
            boolean mayWait) {
        this.writer = writer;
        this.lines = lines;
        this.limit = limit;
        this.collecting = collecting;
        eventTotals = new EventTotals(functions, collecting.returns());
        this.fallback = fallback;
        this.mayWait = mayWait;
    }

    @Override
    public void accept(TraceEvent event) {
        lock.lock();
        try {
            // Calls are numbered from 1, so the id says whether the call was, or is to be, written.
            if (failure() != null || event.id() > limit || event.id() == 0 && limitReached) {
                return;
            }
            count(event);
            if (isLeftOut(event)) {
                leaveOut(event);
            } else {
                write(event);
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void count(TraceEvent event) {
        if (event instanceof TraceEvent.Call) {
            open++;
            limitReached = event.id() == limit;
        } else {
            open -= event.id() > 0 ? 1 : 0;
        }
        limitDone = limitReached && (open == 0 || !collecting.returns());
    }

    private boolean isLeftOut(TraceEvent event) throws IOException {
        if (leavingOut && lines.hasRoomAgain() && !lines.isGivenUp()) {
            leavingOut = false;
            makeRoom();
            payOwed();
        }
        return leavingOut || leftOut.contains(event.id()) && !(event instanceof TraceEvent.Call);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only who has the lock writes it; others read it at any time.
    private void leaveOut(TraceEvent event) {
        if (event instanceof TraceEvent.Call) {
            leftOut.add(event.id());
        } else if (event.id() > 0 && !leftOut.contains(event.id())) {
            owed.add(
                    event instanceof TraceEvent.NoReturn never
                            ? never
                            : new TraceEvent.NoReturn(event.id(), event.function(), event.goroutine(), LOST));
        }
        // That a call has no return is no event of the program.
        lost += event instanceof TraceEvent.NoReturn ? 0 : 1;
    }

    private void write(TraceEvent event) throws IOException {
        put(event);
        if (lines.isFull()) {
            makeRoom();
        }
    }

    private void put(TraceEvent event) throws IOException {
        if (collecting.events()) {
            writer.write(event);
        }
        if (collecting.totals()) {
            eventTotals.accept(event);
        }
        written++;
        if (fallback.isPresent() && fallback.get().saw(event)) {
            fallenBack++;
        }
        if (event instanceof TraceEvent.Call) {
            calls++;
        } else if (event instanceof TraceEvent.Return) {
            returned++;
        } else if (event instanceof TraceEvent.NoReturn) {
            noReturns++;
        } else {
            unpairedReturns++;
        }
    }

    /** Hands over what is ready to be written, or begins to leave out. */
    private void makeRoom() {
        while (!lines.handOver()) {
            if (!mayWait || lines.isGivenUp()) {
                leavingOut = true;
                return;
            }
            lines.awaitRoom(LOOK);
        }
        leavingOut = lines.isGivenUp();
    }

    private void payOwed() throws IOException {
        while (!leavingOut && !owed.isEmpty()) {
            write(owed.remove());
        }
    }

    /** Whether as many calls as wanted have come. */
    boolean limitReached() {
        return limitReached;
    }

    /** Whether as many calls as wanted and all their ends have come. */
    boolean limitDone() {
        return limitDone;
    }

    /** Why writing failed; null if it has not. */
    @Nullable
    IOException failure() {
        return failure != null ? failure : lines.failure();
    }

    /** Events of calls and returns that came and could not be written. */
    long lost() {
        return lost;
    }

    /**
     * Flushes what was written, unless an event is being written just now.
     *
     * @return whether nothing had been written since the last flush, and nothing waits to be read
     */
    boolean flushIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            boolean idle = flushed == written && lines.isEmpty();
            flush();
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is left to be written of the session's calls, and totals of them; to be called once it is closed. */
    void end(TraceSession session) {
        writeAndFlush(() -> {
            for (TraceEvent.NoReturn never : owed) {
                put(never);
            }
            owed.clear();
            if (collecting.totals()) {
                totals = collecting.inPlace() ? session.totals() : eventTotals.totals();
                if (collecting.inPlace()) {
                    fallenBack = fallback.map(other -> other.seen(totals)).orElse(0L);
                }
                writer.write(totals);
            }
        });
    }

    /** Of how many calls there is no duration, because too many were open at a time. */
    long unmeasured() {
        return totals.stream().mapToLong(FunctionTotal::lost).sum();
    }

    /**
     * Writes the summary; to be called after {@link #end}.
     *
     * @param lostBefore events that were lost before they came here
     * @param sampled what was left out where calls are sampled
     * @param spending what tracing has cost where it has a budget
     * @param sufficientRingBytes with which none would have been; empty if none was
     */
    void finish(
            long lostBefore,
            Optional<TraceSummary.Sampled> sampled,
            Optional<Spending> spending,
            OptionalLong sufficientRingBytes,
            Optional<ExitStatus> targetExit) {
        writeAndFlush(() -> {
            if (collecting.nothing()) {
                writer.write(TraceSummary.ofNothing(targetExit));
                return;
            }
            if (!collecting.totals()) {
                writer.write(new TraceSummary(
                        true,
                        calls,
                        returned,
                        noReturns,
                        unpairedReturns,
                        lostBefore + lost,
                        Optional.empty(),
                        fallback(),
                        sampled,
                        spending,
                        sufficientRingBytes,
                        targetExit));
                return;
            }
            writer.write(TraceSummary.of(
                    totals, lostBefore + lost, fallback(), sampled, spending, sufficientRingBytes, targetExit));
        });
    }

    private Optional<TraceSummary.Fallback> fallback() {
        return fallback.map(other -> new TraceSummary.Fallback(Fallback.TECHNIQUE, fallenBack));
    }

    /** Waits until everything has been written, or nothing more will be; returns false if the time was up before. */
    boolean awaitWritten(Duration timeout) {
        return lines.awaitWritten(timeout);
    }

    /** Writes nothing more: nobody waits for a reader any longer. */
    void giveUp() {
        lines.giveUp();
    }

    /** Whether nothing more is written because of {@link #giveUp()}. */
    boolean isGivenUp() {
        return lines.isGivenUp();
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void writeAndFlush(Writing writing) {
        lock.lock();
        try {
            if (failure() == null) {
                writing.run();
                flush();
                lines.handOverAll();
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void flush() {
        flushed = written;
        try {
            if (failure() == null) {
                writer.flush();
            }
        } catch (IOException e) {
            failure = e;
        }
    }
}
