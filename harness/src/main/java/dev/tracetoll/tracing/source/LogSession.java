package dev.tracetoll.tracing.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tracetoll.linux.file.Descriptor;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.file.PipeOutput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target that writes a line of JSON for each call and each return. To know that all that was written has been read, this process writes to the same pipe a
 * mark that is in no line.
 */
final class LogSession implements SourceSession {

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte MARK = 0;
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final Descriptor[] pipe = Descriptor.pipe();
    private final PipeInput lines = new PipeInput(pipe[0]);
    private final PipeOutput marks = new PipeOutput(pipe[1]);
    private final CallSink sink;
    private final Thread reader = new Thread(this::read, "log of the target");
    private byte[] pending = new byte[1 << 16];
    private int held;
    private long calls;
    private long returns;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private long marked;
    private long marksRead;
    private boolean ending;
    private @Nullable Throwable failure;
    private boolean closed;

    LogSession(CallSink sink) {
        this.sink = sink;
        reader.setDaemon(true);
    }

    @Override
    public List<String> arguments() {
        return List.of(
                "-source", "slog", "-events", "/proc/" + ProcessHandle.current().pid() + "/fd/" + pipe[1].number());
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
                held += lines.read(pending, held, pending.length - held);
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

    /** Takes whole lines; returns whether there will be no more. */
    private boolean split() throws IOException {
        int from = 0;
        boolean over = false;
        for (int i = 0; i < held; i++) {
            if (pending[i] == '\n') {
                line(from, i - from);
                from = i + 1;
            } else if (pending[i] == MARK) {
                over |= mark();
                from = i + 1;
            }
        }
        System.arraycopy(pending, from, pending, 0, held - from);
        held -= from;
        return over;
    }

    private synchronized boolean mark() {
        counts = new TraceCounts(calls, returns, 0, 0, 0);
        marksRead++;
        notifyAll();
        return ending && marksRead == marked;
    }

    private void line(int from, int length) throws IOException {
        String message = "";
        long number = 0;
        String text = "";
        double fraction = 0;
        try (JsonParser json = JSON.createParser(pending, from, length)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "msg" -> message = json.getText();
                    case "n", "result" -> number = json.getLongValue();
                    case "s" -> text = json.getText();
                    case "f" -> fraction = json.getDoubleValue();
                    default -> json.skipChildren();
                }
            }
        }
        switch (message) {
            case "call" -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                sink.call(number, bytes, bytes.length, fraction);
                calls++;
            }
            case "return" -> {
                sink.returned(number);
                returns++;
            }
            default ->
                throw new OperationFailed("the target logs something unknown: "
                        + new String(pending, from, length, StandardCharsets.UTF_8));
        }
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
            throw new OperationFailed("Reading the log of the target failed: " + e.getMessage(), e);
        }
        marked++;
        long deadline = System.nanoTime() + SETTLING.toNanos();
        boolean interrupted = false;
        while (marksRead < marked && failure == null) {
            long leftMs = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (leftMs <= 0) {
                throw new OperationFailed("The log of the target was not read within " + SETTLING.toSeconds()
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
            throw new OperationFailed("Reading the log of the target failed: " + failure, failure);
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
            lines.close();
        }
    }
}
