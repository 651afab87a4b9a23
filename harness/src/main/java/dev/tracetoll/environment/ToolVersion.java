package dev.tracetoll.environment;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a tool for its version. */
public final class ToolVersion {

    private static final File NOTHING = new File("/dev/null");
    private static final long BETWEEN_LOOKS_MS = 2;
    /** More than any first line has; the rest of what a tool says is thrown away. */
    private static final int MOST_BYTES = 1 << 16;

    private ToolVersion() {}

    /**
     * The first line that a tool prints about itself; empty if there is no such tool, if it fails, says nothing, or is not done
     * within the deadline, in which case it is killed.
     *
     * @param command the tool and what makes it print its version, as {@code clang --version}
     * @param deadline how long to wait
     */
    public static Optional<String> of(List<String> command, Duration deadline) {
        Process process = null;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
                    .redirectErrorStream(true)
                    .start();
            return firstLine(process, System.nanoTime() + deadline.toNanos());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    /** Reads only what is there: a tool that leaves its output to a child of its own cannot make us wait. */
    private static Optional<String> firstLine(Process process, long untilNs) throws IOException, InterruptedException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        InputStream output = process.getInputStream();
        boolean ended;
        do {
            ended = process.waitFor(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
            byte[] more = output.readNBytes(output.available());
            printed.write(more, 0, Math.min(more.length, MOST_BYTES - printed.size()));
        } while (!ended && System.nanoTime() - untilNs < 0);
        if (!ended || process.exitValue() != 0) {
            return Optional.empty();
        }
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst();
    }
}
