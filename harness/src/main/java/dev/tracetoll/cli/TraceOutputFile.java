package dev.tracetoll.cli;

import dev.tracetoll.problem.OperationFailed;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where events are written to: a file, or standard output. What was in the file stays until something is written; a new file that nothing
 * was written to is removed again.
 */
final class TraceOutputFile implements AutoCloseable {

    /** A write of so many bytes to a pipe is never mixed with another's: PIPE_BUF of {@code linux/limits.h}, see pipe(7). */
    private static final int PIPE_BUF = 4096;

    private final Optional<Destination> file;
    private final OutputStream stream;

    private TraceOutputFile(Optional<Destination> file, OutputStream stream) {
        this.file = file;
        this.stream = stream;
    }

    /**
     * Opens a file to write, or standard output.
     *
     * @param file empty for standard output
     * @throws OperationFailed if the file cannot be opened or made
     */
    static TraceOutputFile open(Optional<Destination> file) {
        if (file.isEmpty()) {
            // Not System.out, which keeps errors to itself.
            return new TraceOutputFile(file, new FileOutputStream(FileDescriptor.out));
        }
        FileChannel channel = file.get().open();
        OutputStream stream = Channels.newOutputStream(channel);
        return new TraceOutputFile(file, file.get().isToBeOverwritten() ? new Overwriting(channel, stream) : stream);
    }

    /** Writes over a file, from its beginning on. */
    private static final class Overwriting extends OutputStream {
        private final FileChannel channel;
        private final OutputStream stream;
        private boolean begun;

        Overwriting(FileChannel channel, OutputStream stream) {
            this.channel = channel;
            this.stream = stream;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!begun) {
                begun = true;
                channel.truncate(0);
            }
            stream.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** Not buffered. */
    OutputStream stream() {
        return stream;
    }

    /** How much to write at a time, so that no line is mixed with what the program writes to the same place. */
    int pieceBytes() {
        return file.isEmpty() && Destination.standardOutputIsPipe() ? PIPE_BUF : Integer.MAX_VALUE;
    }

    /** Whether writing failed because whoever read a pipe has left, as {@code head} does. */
    boolean readerIsGone() {
        return file.map(Destination::isPipe).orElseGet(Destination::standardOutputIsPipe);
    }

    OperationFailed failed(IOException failure) {
        return new OperationFailed(
                "writing the trace to "
                        + file.map(Destination::path).map(Path::toString).orElse("standard output") + " failed: "
                        + failure.getMessage() + "; the program was detached from",
                failure);
    }

    @Override
    public void close() {
        try {
            if (file.isPresent()) {
                stream.close();
                if (file.get().isNew() && Files.size(file.get().path()) == 0) {
                    Files.delete(file.get().path());
                }
            }
        } catch (IOException e) {
            // A failure to write has been reported by then.
        }
    }
}
