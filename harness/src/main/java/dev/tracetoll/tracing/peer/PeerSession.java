package dev.tracetoll.tracing.peer;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.file.OwnedDirectory;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that a peer traces. What the peer saw is known for sure only once it has ended: {@link #counts()} tells nothing before the session
 * is closed. It counts no event as lost, as no peer says reliably which it did not see.
 */
public final class PeerSession implements TraceSession {

    private static final Duration ENDING = Duration.ofSeconds(20);
    /** Who still traces after that has missed the signal to end; the second one is not to hit who is just about to tell what it saw. */
    private static final Duration HEEDING = Duration.ofSeconds(2);

    private static final long BETWEEN_LOOKS_NS = 20_000_000;

    private final Peer peer;
    private final PeerTask task;
    private final PeerProcess process;
    private final Peer.Preparation preparation;
    private TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private boolean closed;

    PeerSession(Peer peer, PeerTask task, PeerProcess process, Peer.Preparation preparation) {
        this.peer = peer;
        this.task = task;
        this.process = process;
        this.preparation = preparation;
    }

    /** Its process id. */
    int pid() {
        return process.pid();
    }

    /** CPU time of the peer so far, in ns. */
    public long cpuNs() {
        return ProcessUsage.cpuNs(process.pid());
    }

    /** Largest resident set of the peer so far, in bytes. */
    public long peakBytes() {
        return ProcessUsage.peakBytes(process.pid());
    }

    /**
     * Waits until a peer that reports each call has reported so many, as some do so only now and then.
     *
     * @param calls how many the process made
     * @param timeout after that, those that it has not reported will not come
     */
    public void awaitReported(long calls, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        while (peer.reportsEachCall() && !closed && !deadline.isOver() && !process.awaitEnd(Duration.ZERO)) {
            TraceCounts now = reported();
            if (now.calls() >= calls && (!peer.returns() || now.returns() >= calls)) {
                return;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        }
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    /** @throws OperationFailed if the peer has given up */
    @Override
    public void settle() {
        if (process.awaitEnd(Duration.ZERO)) {
            throw new OperationFailed(
                    "The peer " + peer.technique() + " ended before it was told to: " + PeerFiles.lastWords(task));
        }
    }

    /**
     * Lets the peer leave the process, end, and tell what it saw. One that started the process ends with it: end that first.
     *
     * @throws OperationFailed if the peer does not end in good order
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            end();
            counts = reported();
        } finally {
            cleanUp();
        }
    }

    private void end() {
        Deadline deadline = Deadline.in(ENDING);
        while (!process.awaitEnd(Duration.ZERO) && !caughtUp() && !deadline.isOver()) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        }
        process.askToEnd();
        while (!process.awaitEnd(HEEDING)) {
            if (deadline.isOver()) {
                throw new OperationFailed("The peer " + peer.technique() + " did not end within " + ENDING.toSeconds()
                        + " s: " + PeerFiles.lastWords(task));
            }
            if (traces()) {
                process.askToEnd();
            }
        }
    }

    private boolean caughtUp() {
        try {
            return peer.caughtUp(task, process.pid());
        } catch (IOException e) {
            // It has ended by itself.
            return true;
        }
    }

    private boolean traces() {
        try {
            return peer.mayMissSignal() && peer.attached(task, process.pid());
        } catch (IOException e) {
            return false;
        }
    }

    private void cleanUp() {
        try {
            process.close();
        } finally {
            try {
                preparation.close();
            } finally {
                OwnedDirectory.delete(task.directory());
            }
        }
    }

    private TraceCounts reported() {
        try {
            return peer.reported(task);
        } catch (IOException e) {
            throw new OperationFailed(
                    "The report of the peer " + peer.technique() + " cannot be read: " + e.getMessage(), e);
        } catch (OperationFailed e) {
            throw new OperationFailed(
                    "The peer " + peer.technique() + ": " + e.getMessage() + "; " + PeerFiles.lastWords(task), e);
        }
    }
}
