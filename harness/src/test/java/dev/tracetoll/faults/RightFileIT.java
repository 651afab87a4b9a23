package dev.tracetoll.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.TraceProcess;
import dev.tracetoll.testing.TraceSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a process runs is traced, whatever is to be found under the name that it was started by. */
@NeedsEbpf
@NeedsPtrace
@BesideOthers
class RightFileIT {

    /** What has become of the program's file. */
    private enum Fate {
        DELETED,
        REPLACED,
        NAMED_AS_IF_DELETED,
        LINKED,
        BOUND_IN_ANOTHER_NAMESPACE,
        ON_OVERLAY,
        IN_MEMORY
    }

    @TempDir
    private static Path built;

    private static Path program;
    private static Path other;

    @TempDir
    private Path directory;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("endings", built, Map.of("many.go", "package main\n"));
        other = GoProgram.build("traced", built);
    }

    static Stream<Arguments> fates() {
        return Stream.of(Fate.values())
                .flatMap(fate -> Stream.of("ebpf", "ebpf-patched", "inline", "ptrace")
                        .map(backend -> Arguments.of(backend, fate)));
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault =
                    "The program's file was deleted or replaced, has a name that ends in `(deleted)`, is a link, is bound over another program in another "
                            + "mount namespace, is on an overlay, or in memory only (memfd)",
            promise = "what the process runs is traced")
    @ParameterizedTest
    @MethodSource("fates")
    void whatTheProcessRunsIsTraced(String backend, Fate fate) throws Exception {
        Process running = start(fate);
        try {
            assertThat(new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8))
                            .readLine())
                    .isEqualTo("begun");
            lose(fate);
            Path trace = directory.resolve("trace.json");
            Process tracer = TraceProcess.start(
                    directory,
                    List.of(
                            "--backend",
                            backend,
                            "--pid",
                            Long.toString(running.pid()),
                            "--function",
                            "^main\\.Step$",
                            "--limit",
                            "3",
                            "--format",
                            "json",
                            "--output",
                            trace.toString()));
            assertThat(tracer.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(tracer.exitValue())
                    .as(Files.readString(directory.resolve("err")))
                    .isZero();
            List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(trace));
            assertThat(lines.get(lines.size() - 1).get("calls").asLong()).isEqualTo(3);
            assertThat(running.isAlive()).isTrue();
        } finally {
            running.destroyForcibly().waitFor();
            if (fate == Fate.LINKED) {
                // Or JUnit warns of a link that leads out of what it clears away.
                Files.delete(directory.resolve("program"));
            }
        }
    }

    private Process start(Fate fate) throws IOException {
        List<String> work = List.of("sequential", Long.toString(Long.MAX_VALUE));
        Path named = directory.resolve(fate == Fate.NAMED_AS_IF_DELETED ? "program (deleted)" : "program");
        return switch (fate) {
            case IN_MEMORY -> run(program.toString(), "memory", work);
            case LINKED -> run(Files.createSymbolicLink(named, program).toString(), null, work);
            case BOUND_IN_ANOTHER_NAMESPACE -> {
                Files.copy(
                        other,
                        Files.createDirectory(directory.resolve("here")).resolve("program"),
                        StandardCopyOption.COPY_ATTRIBUTES);
                Files.copy(
                        program,
                        Files.createDirectory(directory.resolve("there")).resolve("program"),
                        StandardCopyOption.COPY_ATTRIBUTES);
                yield inNamespace("mount --bind there here && exec here/program", work);
            }
            case ON_OVERLAY -> {
                for (String each : List.of("low", "up", "work", "all")) {
                    Files.createDirectory(directory.resolve(each));
                }
                Files.copy(program, directory.resolve("low/program"), StandardCopyOption.COPY_ATTRIBUTES);
                yield inNamespace(
                        "mount -t tmpfs tmpfs up && mkdir up/up up/work"
                                + " && mount -t overlay overlay -o lowerdir=low,upperdir=up/up,workdir=up/work all && exec all/program",
                        work);
            }
            default ->
                run(
                        Files.copy(program, named, StandardCopyOption.COPY_ATTRIBUTES)
                                .toString(),
                        null,
                        work);
        };
    }

    private Process inNamespace(String script, List<String> work) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script + " \"$@\"", "sh"));
        command.addAll(work);
        return new ProcessBuilder(command).directory(directory.toFile()).start();
    }

    private static Process run(String file, String mode, List<String> work) throws IOException {
        List<String> command = new ArrayList<>(List.of(file));
        if (mode != null) {
            command.add(mode);
        }
        command.addAll(work);
        return new ProcessBuilder(command).start();
    }

    private void lose(Fate fate) throws IOException {
        if (fate == Fate.DELETED || fate == Fate.REPLACED) {
            Files.delete(directory.resolve("program"));
        }
        if (fate == Fate.REPLACED) {
            Files.copy(other, directory.resolve("program"), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
