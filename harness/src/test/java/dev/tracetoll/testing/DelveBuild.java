package dev.tracetoll.testing;

import dev.tracetoll.linux.kernel.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Delve in the version that Tracetoll is compared with, as {@code targets/delve.sh} builds it. */
public final class DelveBuild {

    private static final String SCRIPT =
            Path.of(System.getProperty("tracetoll.home"), "targets/delve.sh").toString();

    private record Said(int exit, String out, String err) {}

    private DelveBuild() {}

    /** The version. */
    public static String version() {
        return run("--version").out;
    }

    /** The program; it was built if it was not there. */
    public static Path program() {
        Said said = run();
        if (said.exit != 0) {
            throw new IllegalStateException(said.err);
        }
        return Path.of(said.out);
    }

    /** Whether it is there or can be built. */
    static Feature feature() {
        Said said = run();
        return said.exit == 0
                ? Feature.works("Delve", said.out)
                : Feature.fails(
                        "Delve",
                        "building it failed (" + String.join(" / ", said.err.split("\n")) + ")",
                        "it takes Go 1.21 or later and a Go module proxy that can be reached; see " + SCRIPT);
    }

    private static Said run(String... arguments) {
        try {
            Path err = Files.createTempFile("delve", ".err");
            try {
                List<String> command = new ArrayList<>(List.of("sh", SCRIPT));
                command.addAll(List.of(arguments));
                Process script =
                        new ProcessBuilder(command).redirectError(err.toFile()).start();
                String out = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return new Said(script.waitFor(), out, Files.readString(err).strip());
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
