package dev.tracetoll.testing;

import dev.tracetoll.linux.kernel.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Go program of others that tests run, in the version that a script below {@code targets} builds. */
public final class BuiltTool {

    /** What our runs are compared with. */
    public static final BuiltTool DELVE = new BuiltTool("Delve", "delve.sh");
    /** What reads our exports. */
    public static final BuiltTool BENCHSTAT = new BuiltTool("benchstat", "benchstat.sh");

    private final String name;
    private final String script;

    private record Said(int exit, String out, String err) {}

    private BuiltTool(String name, String script) {
        this.name = name;
        this.script =
                Path.of(System.getProperty("tracetoll.home"), "targets", script).toString();
    }

    /** What the script says, which is the path of the program unless it is asked for something else. */
    public String says(String... arguments) {
        Said said = run(arguments);
        if (said.exit != 0) {
            throw new IllegalStateException(said.err);
        }
        return said.out;
    }

    /** The program; it was built if it was not there. */
    public Path program() {
        return Path.of(says());
    }

    /** Whether it is there or can be built. */
    Feature feature() {
        Said said = run();
        return said.exit == 0
                ? Feature.works(name, said.out)
                : Feature.fails(
                        name,
                        "building it failed (" + String.join(" / ", said.err.split("\n")) + ")",
                        "it takes Go 1.21 or later and a Go module proxy that can be reached; see " + script);
    }

    private Said run(String... arguments) {
        try {
            Path err = Files.createTempFile("built", ".err");
            try {
                List<String> command = new ArrayList<>(List.of("sh", script));
                command.addAll(List.of(arguments));
                Process process =
                        new ProcessBuilder(command).redirectError(err.toFile()).start();
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return new Said(process.waitFor(), out, Files.readString(err).strip());
            } finally {
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
