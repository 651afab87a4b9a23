package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** Go programs of {@code src/test/go}. */
public final class GoProgram {

    private GoProgram() {}

    /** Builds one, optimised; returns the program. */
    public static Path build(String name, Path directory) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        Path program = directory.resolve(name);
        Process go = new ProcessBuilder("sh", home.resolve("targets/go.sh").toString(), "build", "-C",
                home.resolve("harness/src/test/go").resolve(name).toString(), "-buildvcs=false", "-o", program.toString(), ".")
                .inheritIO().start();
        assertThat(go.waitFor()).as("exit code of go build").isZero();
        return program;
    }
}
