package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to start {@code tracetoll} as a process of its own.
 *
 * <p>Tests start it hundreds of times, and most of the time of a short run goes into loading classes. So they are kept in an archive that JVMs
 * map into memory; see "Class Data Sharing" in the manual of the JDK. An archive can be of classes in JARs only: where Maven has not yet made
 * one of ours, there is none.
 */
public final class ToolCommand {

    private static final String MAIN = "dev.tracetoll.cli.Main";
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path TARGET = Path.of(System.getProperty("tracetoll.home"), "harness", "target");
    private static final List<String> START = start();

    private ToolCommand() {}

    /** The words of a command line: what starts it, and its arguments. */
    public static List<String> of(List<String> arguments) {
        List<String> command = new ArrayList<>(START);
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
        try {
            List<Path> jars = jars(TARGET, "tracetoll-harness-");
            if (jars.size() != 1) {
                return with(List.of(), System.getProperty("java.class.path"));
            }
            List<Path> all = new ArrayList<>(jars);
            all.addAll(jars(TARGET.resolve("lib"), ""));
            String classPath = String.join(":", all.stream().map(Path::toString).toList());
            Path archive = TARGET.resolve("tests.jsa");
            if (!Files.exists(archive) || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jars.get(0))) < 0) {
                makeArchive(archive, classPath);
            }
            return with(List.of("-XX:SharedArchiveFile=" + archive), classPath);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> jars(Path directory, String prefix) throws IOException {
        try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.of()) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix) && file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** As the launcher starts it. */
    private static List<String> with(List<String> sharing, String classPath) {
        List<String> words = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true",
                "-Dtracetoll.home=" + System.getProperty("tracetoll.home")));
        words.addAll(sharing);
        words.addAll(List.of("-cp", classPath, MAIN));
        return words;
    }

    /** Of what a run loads that traces a program. */
    private static void makeArchive(Path archive, String classPath) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(TARGET, "archive");
        Path unfinished = directory.resolve("tests.jsa");
        Path output = directory.resolve("trace.json");
        List<String> command = with(List.of("-XX:ArchiveClassesAtExit=" + unfinished), classPath);
        command.addAll(List.of("trace", "--format", "json", "--output", output.toString(), "--function", "^main\\.add$",
                GoProgram.build("traced", directory).toString(), "calls"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("said").toFile()).start();
        assertThat(process.waitFor()).as(() -> said(directory)).isZero();
        Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static String said(Path directory) {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
