package dev.tracetoll.testing;

import dev.tracetoll.linux.kernel.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of others that tests run, in the version that a script below {@code targets} builds or installs. */
public final class BuiltTool {

    private static final String GO = "Go 1.21 or later and a Go module proxy that can be reached";

    /** What our runs are compared with. */
    public static final BuiltTool DELVE = new BuiltTool("Delve", "delve.sh", GO);
    /** What reads our exports. */
    public static final BuiltTool BENCHSTAT = new BuiltTool("benchstat", "benchstat.sh", GO);
    /** What reads our exports, too. */
    public static final BuiltTool OTAVA = new BuiltTool(
            "Apache Otava", "otava.sh", "Python 3.11 to 3.13, pip, and a package index that can be reached");

    private final String name;
    private final String script;
    private final String takes;

    private record Said(int exit, String out, String err) {}

    private BuiltTool(String name, String script, String takes) {
        this.name = name;
        this.takes = takes;
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
                        "making it failed (" + String.join(" / ", said.err.split("\n")) + ")",
                        "it takes " + takes + "; see " + script);
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
