package dev.tracetoll.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of the launcher under way; its output goes to files, so that no pipe can fill up. */
final class Launch {

    private static final long DEADLINE_MINUTES = 10;

    private final Process process;
    private final Path out;
    private final Path err;

    private Launch(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** What is left of a run: its exit code and what it printed. */
    record Outcome(int exit, String out, String err) {}

    static Launch start(Path workingDirectory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path out = Files.createTempFile("launch", ".out");
        Path err = Files.createTempFile("launch", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("TRACETOLL_BUILT");
        builder.environment().putAll(environment);
        return new Launch(builder.start(), out, err);
    }

    Outcome end() throws IOException, InterruptedException {
        try {
            boolean ended = process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES);
            Outcome outcome =
                    new Outcome(ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err));
            assertThat(ended).as("ended in time; printed %s", outcome).isTrue();
            return outcome;
        } finally {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            Files.delete(out);
            Files.delete(err);
        }
    }
}
