package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Go programs of {@code src/test/go}. */
public final class GoProgram {

    private GoProgram() {}

    /** Builds one, optimised; returns the program. */
    public static Path build(String name, Path directory) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        return build(home.resolve("harness/src/test/go").resolve(name), name, directory);
    }

    /**
     * Builds one with more files, by their names; returns the program. The source is in the same place in each run of the tests, for Go to compile
     * only what it has not compiled before.
     */
    public static Path build(String name, Path directory, Map<String, String> more)
            throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        Path source = Files.createDirectories(
                home.resolve("harness/target/go-source").resolve(name + "-" + Integer.toHexString(more.hashCode())));
        Files.copy(
                home.resolve("harness/src/test/go").resolve(name).resolve("main.go"),
                source.resolve("main.go"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(source.resolve("go.mod"), "module " + name + "\n\ngo 1.19\n");
        for (Map.Entry<String, String> file : more.entrySet()) {
            Files.writeString(source.resolve(file.getKey()), file.getValue());
        }
        return build(source, name, directory);
    }

    private static Path build(Path source, String name, Path directory) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        Path program = directory.resolve(name);
        Process go = new ProcessBuilder(
                        "sh",
                        home.resolve("targets/go.sh").toString(),
                        "build",
                        "-C",
                        source.toString(),
                        "-buildvcs=false",
                        "-o",
                        program.toString(),
                        ".")
                .inheritIO()
                .start();
        assertThat(go.waitFor()).as("exit code of go build").isZero();
        return program;
    }
}
