package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Builds the same Go program once, however many tests want it: each gets a copy, a file of its own. */
public final class GoBuilds {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final Path KEPT = HOME.resolve("harness/target/go-programs");
    private static final Map<Build, Path> BUILT = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private record Build(List<String> go, Map<String, String> environment, Path directory, List<String> arguments) {}

    private GoBuilds() {}

    /** The command that runs the Go of the targets. */
    public static List<String> ofTargets() {
        return List.of("sh", HOME.resolve("targets/go.sh").toString());
    }

    /**
     * Builds a program.
     *
     * @param go the command that runs Go
     * @param environment set for it
     * @param directory where it runs
     * @param arguments of {@code go build}, but for where the program goes
     */
    public static void build(
            List<String> go, Map<String, String> environment, Path directory, List<String> arguments, Path program) {
        Path built = BUILT.computeIfAbsent(new Build(go, environment, directory, arguments), GoBuilds::build);
        // By a process, as a child that this one starts meanwhile would inherit a copy that is open for writing, and
        // nobody could execute it then.
        run(new ProcessBuilder("cp", "--", built.toString(), program.toString()));
    }

    private static Path build(Build wanted) {
        Path program = KEPT.resolve(Integer.toString(COUNT.incrementAndGet()));
        List<String> arguments = new ArrayList<>(wanted.arguments);
        // Where Go is to go comes first.
        arguments.addAll(arguments.get(0).equals("-C") ? 2 : 0, List.of("-buildvcs=false", "-o", program.toString()));
        List<String> command = new ArrayList<>(wanted.go);
        command.add("build");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(wanted.directory.toFile());
        builder.environment().putAll(wanted.environment);
        try {
            Files.createDirectories(KEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(builder);
        return program;
    }

    private static void run(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as("exit code of %s, which said: %s", builder.command(), said)
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
