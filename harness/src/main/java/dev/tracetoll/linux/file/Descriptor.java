package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.OperationFailed;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file descriptor that is closed once. Whoever closes it makes sure that no other thread uses it any more. */
public final class Descriptor implements AutoCloseable {

    /** {@code fcntl.h}. */
    private static final int O_CLOEXEC = 02000000;

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** One that is open. */
    public Descriptor(int number) {
        this.number = number;
    }

    /** Both ends of a new pipe, the reading one first; programs executed later do not inherit them. */
    public static Descriptor[] pipe() {
        int[] ends = new int[2];
        if (FileCalls.LIBC.pipe2(ends, O_CLOEXEC) != 0) {
            throw new OperationFailed("Making a pipe failed: " + Errno.describe(Errno.last()));
        }
        return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
    }

    /** Its number in this process. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("file descriptor " + number + " has been closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // Linux closes the descriptor whatever close(2) answers.
            FileCalls.LIBC.close(number);
        }
    }
}
