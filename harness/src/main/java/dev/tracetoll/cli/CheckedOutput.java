package dev.tracetoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers why writing failed: a {@link java.io.PrintStream} keeps that to itself. */
final class CheckedOutput extends OutputStream {

    /** What Linux calls EPIPE; strerror(3). */
    private static final String BROKEN_PIPE = "Broken pipe";

    private final OutputStream out;
    private volatile @Nullable IOException failure;

    CheckedOutput(OutputStream out) {
        this.out = out;
    }

    /** The first failure to write. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Whether writing failed because whoever read a pipe has left. */
    static boolean readerIsGone(IOException failure) {
        return BROKEN_PIPE.equals(failure.getMessage());
    }

    @Override
    public void write(int each) throws IOException {
        write(new byte[] {(byte) each}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
