package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.OperationFailed;
import java.time.Duration;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Waits for file descriptors with poll(2). */
public final class Polling {

    /** {@code struct pollfd} of {@code poll.h}: the descriptor, then the events asked for and the events found. */
    private static final int POLLFD_SIZE = 8;

    private static final int EVENTS = 4;
    private static final int FOUND = 6;
    private static final short POLLIN = 1;

    private Polling() {}

    /** Waits until one of the descriptors can be read (an end or an error counts) or the time is up; says for each whether it can. */
    public static boolean[] awaitReadable(Duration timeout, int... descriptors) {
        Pointer polled = Memory.allocateDirect(Runtime.getSystemRuntime(), POLLFD_SIZE * descriptors.length, true);
        for (int i = 0; i < descriptors.length; i++) {
            polled.putInt((long) i * POLLFD_SIZE, descriptors[i]);
            polled.putShort((long) i * POLLFD_SIZE + EVENTS, POLLIN);
        }
        Deadline deadline = Deadline.in(timeout);
        while (FileCalls.LIBC.poll(polled, descriptors.length, deadline.remainingMs()) < 0) {
            int errno = Errno.last();
            if (errno != Errno.EINTR) {
                throw new OperationFailed("Waiting for a file descriptor failed: poll: " + Errno.describe(errno));
            }
        }
        boolean[] readable = new boolean[descriptors.length];
        for (int i = 0; i < descriptors.length; i++) {
            readable[i] = polled.getShort((long) i * POLLFD_SIZE + FOUND) != 0;
        }
        return readable;
    }
}
