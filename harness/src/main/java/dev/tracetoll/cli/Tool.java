package dev.tracetoll.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks other programs of this machine one short question. */
final class Tool {

    private static final File NOTHING = new File("/dev/null");
    private static final long DEADLINE_SECONDS = 10;

    private Tool() {
    }

    /** The first line that a command prints, if it exists, ends well and ends soon. */
    static Optional<String> output(String... command) {
        Path printed = null;
        Process process = null;
        try {
            // A file, not a pipe: it never fills up, and nobody need read it while the command runs.
            printed = Files.createTempFile("tracetoll-", ".out");
            process = new ProcessBuilder(List.of(command)).redirectInput(Redirect.from(NOTHING)).redirectErrorStream(true)
                    .redirectOutput(printed.toFile()).start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                return Optional.empty();
            }
            return new String(Files.readAllBytes(printed), StandardCharsets.UTF_8)
                    .lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            delete(printed);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
