package dev.tracetoll.burst;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.file.PipeInput;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads a target's replies, and keeps the last of what it says on its standard error meanwhile. */
final class ReplyReader {

    /** Longer than any reply: the longest tells of 100 000 calls or 1 000 000 bursts. */
    private static final int MAX_LINE_BYTES = 256 << 20;

    private static final int CHUNK_BYTES = 64 << 10;

    private final PipeInput stdout;
    private final PipeInput stderr;
    private final Tail tail = new Tail();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean stderrOpen = true;

    ReplyReader(PipeInput stdout, PipeInput stderr) {
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * The next line, without its end; null if the time was up first.
     *
     * @throws EOFException if the target closed its output
     * @throws IOException if reading fails or the line is too long
     */
    @Nullable
    String readLine(Duration timeout) throws IOException {
        Deadline deadline = Deadline.in(timeout);
        while (true) {
            boolean[] readable = await(deadline.remaining());
            if (readable.length > 1 && readable[1]) {
                readStderr();
            }
            if (readable[0]) {
                int count = stdout.read(chunk);
                if (count < 0) {
                    throw new EOFException("it closed its standard output");
                }
                int end = indexOfNewline(count);
                pending.write(chunk, 0, end < 0 ? count : end);
                if (end >= 0) {
                    return line(count - end - 1);
                }
                if (pending.size() > MAX_LINE_BYTES) {
                    throw new IOException("it wrote a line of more than " + MAX_LINE_BYTES + " bytes");
                }
            } else if (deadline.isOver()) {
                return null;
            }
        }
    }

    private String line(int bytesAfter) throws IOException {
        String line = pending.toString(StandardCharsets.UTF_8);
        pending.reset();
        if (bytesAfter > 0) {
            throw new IOException("it wrote more than one line: " + Quoting.quote(line));
        }
        return line;
    }

    private int indexOfNewline(int count) {
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** The end of what the target has said on its standard error, on one line. Waits for the rest of it until the time is up. */
    String lastWords(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        try {
            do {
                if (!stderrOpen || !PipeInput.awaitReadable(deadline.remaining(), stderr)[0]) {
                    break;
                }
                readStderr();
            } while (!deadline.isOver());
        } catch (IOException e) {
            stderrOpen = false;
        }
        return tail.onOneLine();
    }

    private boolean[] await(Duration timeout) {
        return stderrOpen ? PipeInput.awaitReadable(timeout, stdout, stderr) : PipeInput.awaitReadable(timeout, stdout);
    }

    private void readStderr() throws IOException {
        byte[] bytes = new byte[CHUNK_BYTES];
        int count = stderr.read(bytes);
        if (count < 0) {
            stderrOpen = false;
        } else {
            tail.add(bytes, count);
        }
    }
}
