package dev.tracetoll.tracing.source;

import dev.tracetoll.linux.file.Descriptor;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.file.PipeOutput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target that writes to a pipe. To know that all that was written has been read, this process writes to the same pipe a mark, a zero, which none of what
 * the target writes begins with.
 */
final class PipeSession implements SourceSession {

    /** What the target writes: pieces that each can be told from what follows. */
    interface Reading {

        /**
         * Takes the piece that begins at an offset.
         *
         * @param from where it begins
         * @param to where what has been read so far ends; later than {@code from}
         * @return its length in bytes; 0 if it has not been read whole
         * @throws OperationFailed if nothing the target may write begins so
         * @throws IOException as well
         */
        int take(byte[] data, int from, int to) throws IOException;

        /** Calls in what was taken. */
        long calls();

        /** Returns in what was taken. */
        long returns();
    }

    private static final byte MARK = 0;
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final Descriptor[] pipe = Descriptor.pipe();
    private final PipeInput input = new PipeInput(pipe[0]);
    private final PipeOutput marks = new PipeOutput(pipe[1]);
    private final String way;
    private final Reading reading;
    private final Thread reader;
    private byte[] pending = new byte[1 << 16];
    private int held;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private long marked;
    private long marksRead;
    private boolean ending;
    private @Nullable Throwable failure;
    private boolean closed;

    /**
     * Makes the pipe.
     *
     * @param way what the target's {@code -source} is to be
     * @param reading takes what the target writes
     */
    PipeSession(String way, Reading reading) {
        this.way = way;
        this.reading = reading;
        reader = new Thread(this::read, way + " of the target");
        reader.setDaemon(true);
    }

    @Override
    public List<String> arguments() {
        return List.of(
                "-source", way, "-events", "/proc/" + ProcessHandle.current().pid() + "/fd/" + pipe[1].number());
    }

    @Override
    public void attach(int pid) {
        reader.start();
    }

    private void read() {
        try {
            while (true) {
                if (held == pending.length) {
                    pending = Arrays.copyOf(pending, 2 * pending.length);
                }
                held += input.read(pending, held, pending.length - held);
                if (split()) {
                    return;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            synchronized (this) {
                failure = e;
                notifyAll();
            }
        }
    }

    /** Takes whole pieces; returns whether there will be no more. */
    private boolean split() throws IOException {
        int from = 0;
        boolean over = false;
        while (from < held) {
            int length;
            if (pending[from] == MARK) {
                over |= mark();
                length = 1;
            } else {
                length = reading.take(pending, from, held);
            }
            if (length == 0) {
                break;
            }
            from += length;
        }
        System.arraycopy(pending, from, pending, 0, held - from);
        held -= from;
        return over;
    }

    private synchronized boolean mark() {
        counts = new TraceCounts(reading.calls(), reading.returns(), 0, 0, 0);
        marksRead++;
        notifyAll();
        return ending && marksRead == marked;
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public synchronized void settle() {
        try {
            marks.write(MARK);
        } catch (IOException e) {
            throw new OperationFailed("Reading what the target writes failed: " + e.getMessage(), e);
        }
        marked++;
        long deadline = System.nanoTime() + SETTLING.toNanos();
        boolean interrupted = false;
        while (marksRead < marked && failure == null) {
            long leftMs = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (leftMs <= 0) {
                throw new OperationFailed("What the target writes was not read within " + SETTLING.toSeconds()
                        + " s; the machine is overloaded");
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new OperationFailed("Reading what the target writes failed: " + failure, failure);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (reader.isAlive()) {
                synchronized (this) {
                    ending = true;
                    settle();
                }
            }
        } finally {
            marks.close();
            input.close();
        }
    }
}
