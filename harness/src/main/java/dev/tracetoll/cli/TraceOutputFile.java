package dev.tracetoll.cli;

import dev.tracetoll.problem.OperationFailed;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where events are written to: a file, or standard output. A new file that nothing was written to is removed again. */
final class TraceOutputFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Optional<Path> path;
    private final boolean isNew;
    private final OutputStream stream;

    private TraceOutputFile(Optional<Path> path, boolean isNew, OutputStream stream) {
        this.path = path;
        this.isNew = isNew;
        this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
    }

    /**
     * Opens a file to write, or standard output.
     *
     * @throws OperationFailed if the file cannot be made
     */
    static TraceOutputFile open(Optional<Path> path) {
        if (path.isEmpty()) {
            // Not System.out, which keeps errors to itself.
            return new TraceOutputFile(path, false, new FileOutputStream(FileDescriptor.out));
        }
        boolean isNew = !Files.exists(path.get());
        try {
            return new TraceOutputFile(path, isNew, new FileOutputStream(path.get().toFile()));
        } catch (IOException e) {
            throw new OperationFailed("cannot write the trace to " + e.getMessage() + "; name another --output", e);
        }
    }

    OutputStream stream() {
        return stream;
    }

    /** Whether writing failed because whoever read a pipe has left, as {@code head} does. */
    boolean readerIsGone(IOException failure) {
        if (path.isPresent()) {
            return false;
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().matches("(pipe|socket):.*");
        } catch (IOException e) {
            return false;
        }
    }

    OperationFailed failed(IOException failure) {
        return new OperationFailed("writing the trace to " + path.map(Path::toString).orElse("standard output") + " failed: "
                + failure.getMessage() + "; the program was detached from", failure);
    }

    @Override
    public void close() {
        try {
            if (path.isPresent()) {
                stream.close();
                if (isNew && Files.size(path.get()) == 0) {
                    Files.delete(path.get());
                }
            }
        } catch (IOException e) {
            // A failure to write has been reported by then.
        }
    }
}
