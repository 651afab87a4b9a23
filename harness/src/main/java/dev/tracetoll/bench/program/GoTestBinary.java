package dev.tracetoll.bench.program;

import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.NativeWords;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The benchmarks of a Go package, built into a program as {@code go test} does. */
public final class GoTestBinary {

    /** Modules may have to be downloaded. */
    private static final Duration BUILDING = Duration.ofMinutes(15);

    private GoTestBinary() {}

    /**
     * Builds it. It goes with this process.
     *
     * @param go the go command
     * @param name what people call the package, as {@code ./parser}, or a directory, which may be of another module than this one
     * @param benchmarks which benchmarks are run: the expression of {@code go test -bench}
     * @param arguments further flags of the test binary, as {@code -test.benchtime=100x}
     * @return how it is launched: in the directory of the package, as {@code go test} does
     * @throws BadInput if there is no such package, it cannot be built, or it has no tests
     */
    public static OwnProgram build(Path go, String name, String benchmarks, List<String> arguments) {
        Path directory = Printed.directory();
        String where = Files.isDirectory(Path.of(name))
                ? Path.of(name).toAbsolutePath().normalize().toString()
                : output(go, directory, Optional.empty(), List.of("list", "-f", "{{.Dir}}", name), name)
                        .strip();
        Optional<Path> in = Optional.of(Path.of(where));
        Path last = Path.of(where).getFileName();
        Path file = directory.resolve((last == null ? "package" : last) + ".test");
        output(go, directory, in, List.of("test", "-c", "-o", file.toString(), "."), name);
        if (!Files.exists(file)) {
            throw new BadInput("--go-bench " + name + " has no test files; name a package with benchmarks");
        }
        List<String> all = new ArrayList<>(
                List.of("-test.run=^$", "-test.bench=" + benchmarks, "-test.benchmem", "-test.timeout=0"));
        all.addAll(arguments);
        return new OwnProgram(
                file,
                NativeWords.of(
                        Stream.concat(Stream.of(file.toString()), all.stream()).toList()),
                all,
                in,
                Optional.empty(),
                Inheritance.ofThisCommand());
    }

    private static String output(Path go, Path directory, Optional<Path> in, List<String> arguments, String name) {
        Printed printed = new Printed(directory, "go");
        Launch here = new Launch(
                go,
                arguments,
                Inheritance.ofThisCommand().withoutDescriptorsAndSignals(),
                Redirect.NULL,
                printed.stdout(),
                printed.stderr(),
                false);
        try (ChildProcess child = ChildProcess.spawn(in.map(here::in).orElse(here))) {
            Optional<ExitStatus> exit = child.awaitExit(BUILDING);
            if (exit.filter(ShellCommand::succeeded).isEmpty()) {
                throw new BadInput("--go-bench " + name + ": go " + String.join(" ", arguments) + " "
                        + exit.map(ExitStatus::describe).orElse("took longer than " + BUILDING.toMinutes() + " minutes")
                        + printed.lastWords());
            }
            return String.join("\n", printed.lines());
        } finally {
            printed.delete();
        }
    }
}
