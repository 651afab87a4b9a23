package dev.tracetoll.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How to start {@code tracetoll} as a process of its own: as the launcher does, but for what the launcher does before. Where Maven has not yet
 * made a JAR of it, it is started from the class path of the tests.
 */
public final class ToolCommand {

    private static final String MAIN = "dev.tracetoll.cli.Main";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path TARGET = Path.of(System.getProperty("tracetoll.home"), "harness", "target");
    /** What the launcher gives the JIT and the collector of every day. */
    private static final Set<String> MEASURING = Set.of("bench", "selftest", "tune");

    private static final List<String> START = start();

    private ToolCommand() {}

    /** The words of a command line: what starts it, and its arguments. */
    public static List<String> of(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        if (!MEASURING.contains(arguments.get(0))) {
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        command.addAll(START);
        command.addAll(arguments);
        return command;
    }

    /** The same, of {@code tracetoll trace}. */
    public static List<String> trace(List<String> arguments) {
        List<String> command = of(List.of("trace"));
        command.addAll(arguments);
        return command;
    }

    private static List<String> start() {
        List<String> words = new ArrayList<>(
                List.of("-Djava.awt.headless=true", "-Dtracetoll.home=" + System.getProperty("tracetoll.home")));
        Path jar = TARGET.resolve("tracetoll.jar");
        if (Files.exists(jar)) {
            words.addAll(List.of(
                    "-XX:SharedArchiveFile=" + TARGET.resolve("tracetoll.jsa"),
                    "-Xlog:cds=off",
                    "-cp",
                    jar + libraries()));
        } else {
            words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        }
        words.add(MAIN);
        return words;
    }

    /** In the order of the launcher, which is that of the archive. */
    private static String libraries() {
        try (Stream<Path> files = Files.list(TARGET.resolve("lib"))) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .map(file -> ":" + file)
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
