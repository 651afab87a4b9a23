package dev.tracetoll.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Go programs of {@code src/test/go}. */
public final class GoProgram {

    private static final String OVERLAY = "overlay.json";

    private GoProgram() {}

    /** Builds one, optimised; returns the program. */
    public static Path build(String name, Path directory) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        return build(home.resolve("harness/src/test/go").resolve(name), name, directory);
    }

    /** Builds one with more files, by their names; returns the program. */
    public static Path build(String name, Path directory, Map<String, String> more)
            throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        Path source = Files.createDirectories(
                home.resolve("harness/target/go-source").resolve(name + "-" + Integer.toHexString(more.hashCode())));
        Files.copy(
                home.resolve("harness/src/test/go").resolve(name).resolve("main.go"),
                source.resolve("main.go"),
                StandardCopyOption.REPLACE_EXISTING);
        for (Map.Entry<String, String> file : more.entrySet()) {
            Files.writeString(source.resolve(file.getKey()), file.getValue());
        }
        List<String> files = Stream.concat(
                        Stream.of("main.go"), more.keySet().stream().sorted())
                .toList();
        overlay(source, files);
        Path program = directory.resolve(name);
        GoBuilds.build(GoBuilds.ofTargets(), Map.of(), source, overlaid(source, files), program);
        return program;
    }

    /**
     * Says to Go that files of a directory are in one that has the same path in each copy of this repository. It keeps what it has compiled by
     * path and content, and compiles long programs that are generated only where they were never compiled.
     */
    public static void overlay(Path source, List<String> files) throws IOException {
        Map<String, String> replaced = new TreeMap<>();
        for (String file : files) {
            replaced.put(elsewhere(source, file), source.resolve(file).toString());
        }
        Files.writeString(source.resolve(OVERLAY), new ObjectMapper().writeValueAsString(Map.of("Replace", replaced)));
    }

    /** The arguments by which {@code go build} takes these files as {@link #overlay} has said. */
    public static List<String> overlaid(Path source, List<String> files) {
        return Stream.concat(
                        Stream.of("-overlay", source.resolve(OVERLAY).toString()),
                        files.stream().map(file -> elsewhere(source, file)))
                .toList();
    }

    private static String elsewhere(Path source, String file) {
        return Path.of("/tracetoll-generated")
                .resolve(source.getFileName())
                .resolve(file)
                .toString();
    }

    private static Path build(Path source, String name, Path directory) {
        Path program = directory.resolve(name);
        GoBuilds.build(GoBuilds.ofTargets(), Map.of(), source, List.of("-C", source.toString(), "."), program);
        return program;
    }
}
