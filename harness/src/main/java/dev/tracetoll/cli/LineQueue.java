package dev.tracetoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way to a reader that may be slow, or asleep: a thread of its own writes them, and whoever makes them never waits for it.
 *
 * <p>What is written is collected and, a chunk at a time, handed over to the thread. Chunks end where lines do, so that each line is in one
 * write(2), unless it is longer than what the destination takes at once. Chunks in wait take {@link #MOST_BYTES} at most. One thread at a
 * time may write and hand over; the other methods may be called by any.
 */
final class LineQueue extends OutputStream {

    /** How much is collected before it is handed over: so much that handing over costs next to nothing for each line. */
    static final int CHUNK_BYTES = 1 << 16;
    /** Some 150 000 events. */
    static final int MOST_BYTES = 16 << 20;

    /** What a chunk takes before a longer line makes it grow: the last line may begin just before it is full. */
    private static final int CAPACITY = CHUNK_BYTES + (CHUNK_BYTES >> 2);
    /** Chunks kept to be filled again. */
    private static final int MOST_FREE = 4;

    private record Chunk(byte[] bytes, int length) {}

    private final OutputStream out;
    private final int pieceBytes;
    private final int mostBytes;

    private byte[] bytes = new byte[CAPACITY];
    private int length;
    /** The length from which on it is worthwhile to look for the end of a line. */
    private int fullAt = CHUNK_BYTES;

    // Guarded by this.
    private final Deque<Chunk> waiting = new ArrayDeque<>();
    private final Deque<byte[]> free = new ArrayDeque<>();
    private boolean started;

    /** Of the chunks in wait, the one being written among them. */
    private volatile int waitingBytes;

    private volatile @Nullable IOException failure;
    private volatile boolean givenUp;

    /**
     * @param out where the lines go; not buffered, and used by the queue's thread alone
     * @param pieceBytes how much to write at a time at most, as long as lines are no longer
     */
    LineQueue(OutputStream out, int pieceBytes) {
        this(out, pieceBytes, MOST_BYTES);
    }

    /** @param mostBytes what chunks in wait may take; some chunks at least */
    LineQueue(OutputStream out, int pieceBytes, int mostBytes) {
        this.out = out;
        this.pieceBytes = pieceBytes;
        this.mostBytes = mostBytes;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** Hands over the lines collected so far, unless the thread has others to write: they would wait there as long as here. */
    @Override
    public void flush() {
        if (waitingBytes == 0) {
            handOverAll();
        }
    }

    /** Whether a chunk is ready to be handed over. */
    boolean isFull() {
        return length >= fullAt;
    }

    /** Hands over the lines collected so far; returns false if there is no room for them. */
    boolean handOver() {
        if (waitingBytes > mostBytes - bytes.length && failure == null && !givenUp) {
            return false;
        }
        handOverAll();
        return true;
    }

    /** Hands over the lines collected so far, whether or not there is room. */
    void handOverAll() {
        int end = length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == 0) {
            fullAt = length + CHUNK_BYTES;
            return;
        }
        byte[] begun = bytes;
        byte[] next = enqueue(new Chunk(begun, end));
        int rest = length - end;
        bytes = rest <= next.length ? next : new byte[rest + CAPACITY];
        System.arraycopy(begun, end, bytes, 0, rest);
        length = rest;
        fullAt = CHUNK_BYTES;
    }

    /** Returns the memory for the next chunk, which may be that of this one if nothing is written any more. */
    private synchronized byte[] enqueue(Chunk chunk) {
        if (failure != null || givenUp) {
            return chunk.bytes;
        }
        if (!started) {
            started = true;
            Thread thread = new Thread(this::writeAll, "trace output");
            // It may hang in a write(2) that never returns; this must not keep the command from ending.
            thread.setDaemon(true);
            thread.start();
        }
        waiting.add(chunk);
        waitingBytes += chunk.bytes.length;
        notifyAll();
        byte[] next = free.poll();
        return next != null ? next : new byte[CAPACITY];
    }

    /** Whether so much of what waited has been written that it is worthwhile to hand over again. */
    boolean hasRoomAgain() {
        return waitingBytes <= mostBytes / 2;
    }

    /** Waits until there is room for another chunk, nothing is written any more, or the time is up. */
    synchronized void awaitRoom(Duration timeout) {
        await(() -> waitingBytes <= mostBytes - bytes.length, timeout);
    }

    /** Waits until all that was handed over has been written, or nothing is written any more; returns false if the time was up before. */
    synchronized boolean awaitWritten(Duration timeout) {
        return await(waiting::isEmpty, timeout);
    }

    private boolean await(BooleanSupplier condition, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean() && failure == null && !givenUp) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Whether everything handed over has been written, or will not be. */
    boolean isEmpty() {
        return waitingBytes == 0;
    }

    /** Writes nothing more, and forgets what waits; what is being written just now may still arrive. */
    synchronized void giveUp() {
        givenUp = true;
        waiting.clear();
        waitingBytes = 0;
        notifyAll();
    }

    /** Whether {@link #giveUp()} was called. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** Why writing failed; null if it has not. Nothing is written after it. */
    @Nullable
    IOException failure() {
        return failure;
    }

    private void writeAll() {
        try {
            for (Chunk chunk = next(null); chunk != null; chunk = next(chunk)) {
                write(chunk);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** The next chunk to write, once there is one; null if nothing is written any more. */
    private synchronized @Nullable Chunk next(@Nullable Chunk written) {
        if (written != null && !givenUp) {
            waiting.remove();
            waitingBytes -= written.bytes.length;
            if (written.bytes.length == CAPACITY && free.size() < MOST_FREE) {
                free.push(written.bytes);
            }
            notifyAll();
        }
        while (waiting.isEmpty() && !givenUp) {
            try {
                wait();
            } catch (InterruptedException nobodyDoesThat) {
                return null;
            }
        }
        return waiting.peek();
    }

    private synchronized void fail(IOException e) {
        failure = e;
        waiting.clear();
        waitingBytes = 0;
        notifyAll();
    }

    private void write(Chunk chunk) throws IOException {
        int from = 0;
        while (from < chunk.length) {
            int to = pieceEnd(chunk, from);
            out.write(chunk.bytes, from, to - from);
            from = to;
        }
    }

    /** As many whole lines as fit into a piece, but one at least. */
    private int pieceEnd(Chunk chunk, int from) {
        if (chunk.length - from <= pieceBytes) {
            return chunk.length;
        }
        int end = from + pieceBytes;
        while (end > from && chunk.bytes[end - 1] != '\n') {
            end--;
        }
        if (end > from) {
            return end;
        }
        end = from + pieceBytes;
        while (chunk.bytes[end - 1] != '\n') {
            end++;
        }
        return end;
    }
}
