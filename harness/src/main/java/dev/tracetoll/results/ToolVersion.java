package dev.tracetoll.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a tool for its version. */
public final class ToolVersion {

    private ToolVersion() {}

    /**
     * The first line that a tool prints about itself; empty if there is no such tool, if it fails, says nothing, or is not done
     * within the deadline, in which case it is killed.
     *
     * @param command the tool and what makes it print its version, as {@code clang --version}
     * @param deadline how long to wait
     */
    public static Optional<String> of(List<String> command, Duration deadline) {
        Path output = null;
        Process process = null;
        try {
            // Into a file: a tool that fills a pipe, or leaves it to a child of its own, cannot make us wait.
            output = Files.createTempFile("tracetoll-version-", ".txt");
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS) || process.exitValue() != 0) {
                return Optional.empty();
            }
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines()
                    .map(String::strip).filter(line -> !line.isEmpty()).findFirst();
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
            remove(output);
        }
    }

    private static void remove(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
