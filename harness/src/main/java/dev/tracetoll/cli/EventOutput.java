package dev.tracetoll.cli;

import dev.tracetoll.linux.ExitStatus;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.format.EventWriter;
import dev.tracetoll.tracing.format.TraceSummary;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the events of a session, up to a number of calls, and counts what it has written.
 *
 * <p>Events come from the session's thread; whoever waits for the end of the session calls {@link #flushIfIdle()} now and then, so that
 * nothing written stays in the buffer while the program is quiet. A failure to write is kept, not thrown: tracing is ended in good order.
 */
final class EventOutput implements EventSink {

    private final EventWriter writer;
    private final long limit;
    private final Collected collected;
    private final ReentrantLock lock = new ReentrantLock();
    private long calls;
    private long returned;
    private long noReturns;
    private long unpairedReturns;
    /** Calls written whose end has not been. */
    private long open;
    private long written;
    private long flushed;
    private List<FunctionTotal> totals = List.of();
    private volatile IOException failure;
    private volatile boolean limitReached;
    private volatile boolean limitDone;

    /**
     * @param limit how many calls to write at most
     * @param collected what there is to write
     */
    EventOutput(EventWriter writer, long limit, Collected collected) {
        this.writer = writer;
        this.limit = limit;
        this.collected = collected;
    }

    @Override
    public void accept(TraceEvent event) {
        lock.lock();
        try {
            // Calls are numbered from 1, so the id says whether the call was, or is to be, written.
            if (failure != null || event.id() > limit || event.id() == 0 && limitReached) {
                return;
            }
            writer.write(event);
            count(event);
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void count(TraceEvent event) {
        written++;
        if (event instanceof TraceEvent.Call) {
            calls++;
            open++;
            limitReached = calls == limit;
        } else {
            if (event instanceof TraceEvent.Return) {
                returned++;
            } else if (event instanceof TraceEvent.NoReturn) {
                noReturns++;
            } else {
                unpairedReturns++;
            }
            open -= event.id() > 0 ? 1 : 0;
        }
        limitDone = limitReached && (open == 0 || !collected.returns());
    }

    /** Whether as many calls as wanted have been written. */
    boolean limitReached() {
        return limitReached;
    }

    /** Whether as many calls as wanted and all their ends have been written. */
    boolean limitDone() {
        return limitDone;
    }

    /** Why writing failed; null if it has not. */
    IOException failure() {
        return failure;
    }

    /**
     * Flushes what was written, unless an event is being written just now.
     *
     * @return whether nothing had been written since the last flush
     */
    boolean flushIfIdle() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            boolean idle = flushed == written;
            if (!idle) {
                flush();
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what the session has collected besides events; to be called once it is closed. */
    void totals(TraceSession session) {
        if (collected.totals()) {
            totals = session.totals();
            writeAndFlush(() -> writer.write(totals));
        }
    }

    /** Of how many calls there is no duration, because too many were open at a time. */
    long unmeasured() {
        return totals.stream().mapToLong(FunctionTotal::lost).sum();
    }

    /** Writes the summary; to be called once the session is closed. */
    void finish(long lost, Optional<ExitStatus> targetExit) {
        TraceSummary summary = collected == Collected.NOTHING ? TraceSummary.ofNothing(targetExit)
                : collected.totals() ? TraceSummary.of(totals, targetExit)
                : new TraceSummary(calls, returned, noReturns, unpairedReturns, lost, targetExit);
        writeAndFlush(() -> writer.write(summary));
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void writeAndFlush(Writing writing) {
        lock.lock();
        try {
            if (failure == null) {
                writing.run();
                flush();
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
            if (failure == null) {
                writer.flush();
            }
        } catch (IOException e) {
            failure = e;
        }
    }
}
