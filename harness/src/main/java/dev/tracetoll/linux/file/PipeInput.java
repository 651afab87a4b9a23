package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;

/** What a child writes into a pipe. For one thread at a time. */
public final class PipeInput extends InputStream {

    private final Descriptor descriptor;

    /** Reads from our end of a pipe. */
    public PipeInput(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Waits until one of the pipes has bytes to read or has ended, or the time is up.
     *
     * @return for each pipe, in order, whether a read would return at once
     */
    public static boolean[] awaitReadable(Duration timeout, PipeInput... pipes) {
        int[] descriptors = new int[pipes.length];
        for (int i = 0; i < pipes.length; i++) {
            descriptors[i] = pipes[i].descriptor.number();
        }
        return Polling.awaitReadable(timeout, descriptors);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Waits for the next bytes and returns what is there, at most {@code length}; -1 once the child has closed the pipe. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        byte[] buffer = offset == 0 ? bytes : new byte[length];
        long count;
        while ((count = FileCalls.LIBC.read(descriptor.number(), buffer, length)) < 0) {
            int errno = Errno.last();
            if (errno != Errno.EINTR) {
                throw new IOException("reading from a child failed: " + Errno.describe(errno));
            }
        }
        if (buffer != bytes) {
            System.arraycopy(buffer, 0, bytes, offset, (int) count);
        }
        return count == 0 ? -1 : (int) count;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
