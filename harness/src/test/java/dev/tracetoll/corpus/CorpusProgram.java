package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.GoProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A generated program, built.
 *
 * @param path the program; its one argument is the file to write the truth to
 * @param go the Go that built it
 * @param optimised whether the compiler optimised it
 */
record CorpusProgram(Path path, Go go, boolean optimised) {

    /** The toolchains that programs are built with. */
    enum Go {
        NEWEST(null),
        /** Debian's golang-1.19-go. */
        OLDEST("/usr/lib/go-1.19/bin/go");

        private final String command;

        Go(String command) {
            this.command = command;
        }
    }

    /** Matches the linker's names of the functions under test; RE2's syntax. The wrappers that the compiler makes are not among them. */
    static final String FUNCTIONS =
            "^main\\.(\\(?\\*?\\w+(\\[go\\.shape\\..*\\])?\\)?\\.)?[fm]\\d{3}(_large)?(\\[go\\.shape\\..*\\])?$|^main\\.mk\\d{3}\\.func1$";

    /**
     * Go 1.19's compiler sometimes panics where a function has parameters of more than 255 bytes ({@code argLiveness.emit} in
     * {@code cmd/compile/internal/liveness/arg.go}), and compiles the same source the next time.
     */
    private static final List<String> FILES = List.of("main.go", "fill.go", "truth.go");

    private static final int MOST_AGAIN = 3;

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    static final Path GO_SOURCES = HOME.resolve("harness/src/test/go");

    /** Where sources are, the same in each run of the tests, for Go to compile only what it has not compiled before. */
    private static final Path SOURCES = HOME.resolve("harness/target/corpus");

    private static final Map<String, String> WRITTEN = new ConcurrentHashMap<>();
    private static final Map<Path, CorpusProgram> BUILT = new ConcurrentHashMap<>();

    /** The directory of a program's source: what was generated, and what fills and renders values. */
    static Path writeSource(CorpusSpec spec) {
        String name = Stream.of(spec.seed(), spec.functions(), spec.callsEach(), spec.goroutines(), spec.types())
                .map(Object::toString)
                .collect(Collectors.joining("-"));
        return writeSource(name + "-" + spec.maxBytes() + "-" + spec.depth(), CorpusGenerator.generate(spec));
    }

    /**
     * The directory of a program's source: its main file, and what fills and renders values. It is written once, as others may be building it.
     *
     * @param name the directory's, of this program alone
     */
    static Path writeSource(String name, String main) {
        Path directory = SOURCES.resolve(name);
        String written = WRITTEN.computeIfAbsent(name, any -> {
            try {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve("main.go"), main);
                for (String file : FILES.subList(1, FILES.size())) {
                    Files.copy(
                            GO_SOURCES.resolve("corpus").resolve(file),
                            directory.resolve(file),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                GoProgram.overlay(directory, FILES);
                return main;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(written).as("the one program named %s", name).isEqualTo(main);
        return directory;
    }

    /** Builds the source in a directory, unless it has been built. */
    static CorpusProgram build(Path source, Go go, boolean optimised) {
        return BUILT.computeIfAbsent(
                source.resolve(go + (optimised ? "-optimised" : "-plain")), path -> build(path, source, go, optimised));
    }

    private static CorpusProgram build(Path path, Path source, Go go, boolean optimised) {
        List<String> command = new ArrayList<>(List.of("build", "-buildvcs=false", "-o", path.toString()));
        if (!optimised) {
            command.add("-gcflags=all=-N -l");
        }
        command.addAll(GoProgram.overlaid(source, FILES));
        run(go, command);
        return new CorpusProgram(path, go, optimised);
    }

    /** Lets {@code go vet} look at the source in a directory. */
    static void vet(Path source) {
        List<String> command = new ArrayList<>(List.of("vet"));
        FILES.forEach(file -> command.add(source.resolve(file).toString()));
        run(Go.NEWEST, command);
    }

    private static void run(Go go, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("sh", HOME.resolve("targets/go.sh").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (go.command != null) {
            assertThat(Path.of(go.command))
                    .as("the oldest Go, Debian's golang-1.19-go")
                    .isExecutable();
            builder.environment().put("TRACETOLL_GO", go.command);
        }
        Ended ended = end(builder);
        for (int again = 0; again < MOST_AGAIN && ended.compilerPanicked(); again++) {
            ended = end(builder);
        }
        assertThat(ended.exitCode)
                .as("exit code of %s: %s", command, ended.output)
                .isZero();
    }

    private record Ended(int exitCode, String output) {

        boolean compilerPanicked() {
            return exitCode != 0
                    && output.contains("panic: offset too large")
                    && output.contains("cmd/compile/internal/liveness");
        }
    }

    private static Ended end(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The build in a word, as {@link UnreadableList} has it. */
    String build() {
        return go.name().toLowerCase(Locale.ROOT) + (optimised ? "-optimised" : "-plain");
    }

    @Override
    public String toString() {
        return build();
    }
}
