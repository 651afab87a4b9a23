package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** A pipe from which a child reads. For one thread at a time. */
public final class PipeOutput extends OutputStream {

    private final Descriptor descriptor;

    /** Writes into our end of a pipe. */
    public PipeOutput(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /** Writes all the bytes. Throws if the child no longer reads: the JVM handles SIGPIPE, so that write(2) fails with EPIPE. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int done = 0;
        while (done < length) {
            byte[] rest = Arrays.copyOfRange(bytes, offset + done, offset + length);
            long count = FileCalls.LIBC.write(descriptor.number(), rest, rest.length);
            if (count >= 0) {
                done += (int) count;
                continue;
            }
            int errno = Errno.last();
            if (errno != Errno.EINTR) {
                throw new IOException("writing to a child failed: " + Errno.describe(errno));
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
