package dev.tracetoll.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    /** What starts fast, for those that measure as well: the tests look at what they do, not at what they measure. */
    private static final List<String> QUICK_START = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-Djffi.boot.library.path=" + TARGET.resolve("native/jni/x86_64-Linux"),
            "-Dtracetoll.home=" + System.getProperty("tracetoll.home"));

    private static final List<String> START = start();

    private ToolCommand() {}

    /** The words of a command line: what starts it, and its arguments. */
    public static List<String> of(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
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

    /** The same, of a class among the tests that is to have a JVM of its own. */
    public static List<String> ofTest(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(QUICK_START);
        command.addAll(archived(":" + System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> start() {
        List<String> words = new ArrayList<>(QUICK_START);
        words.addAll(archived(""));
        words.add(MAIN);
        return words;
    }

    /** The class path, more of it behind what there is an archive of: that is used as long as the class path begins with it. */
    private static List<String> archived(String more) {
        Path jar = TARGET.resolve("tracetoll.jar");
        return Files.exists(jar)
                ? List.of(
                        "-XX:SharedArchiveFile=" + TARGET.resolve("tracetoll.jsa"),
                        "-Xlog:cds=off",
                        "-cp",
                        jar + libraries() + more)
                : List.of("-cp", System.getProperty("java.class.path"));
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
