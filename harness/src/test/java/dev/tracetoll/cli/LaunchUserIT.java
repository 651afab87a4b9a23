package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.linux.process.User;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.testing.TraceSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a program runs as that is launched. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class LaunchUserIT {

    private static final String OTHER = "nobody";

    @TempDir
    private static Path built;

    private static Path program;

    @TempDir
    private Path directory;

    private Surroundings surroundings;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(OtherUser.ROOT, "only root may run programs as another user");
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwxr-xr-x"));
        program = GoProgram.build("whoami", built);
    }

    @BeforeEach
    void rememberSurroundings() throws Exception {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        surroundings.assertUnchanged();
    }

    private Ended trace(Map<String, String> environment, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--format", "json", "--function", "^main\\.told$"));
        arguments.addAll(List.of(options));
        arguments.add(program.toString());
        return run(environment, ToolCommand.trace(arguments));
    }

    private Ended run(Map<String, String> environment, List<String> command) throws Exception {
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        // Nor what the launcher has noted of its own environment, if it has started this test.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SUDO_") || name.startsWith("TRACETOLL_ENVIRONMENT_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Surroundings.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return new Ended(process.exitValue(), out, Files.readString(err));
    }

    private static void assertRunsAs(User user, String home, String name, Ended ended) throws Exception {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        List<JsonNode> events = TraceSchema.trace(ended.out().lines().toList());
        JsonNode arguments = events.get(0).get("arguments");
        assertThat(arguments)
                .as(ended.out())
                .extracting(each -> each.get("value").asText())
                .containsExactly(
                        Integer.toString(user.id()),
                        Integer.toString(user.group()),
                        user.groups().toString().replace(",", ""),
                        home,
                        name);
        assertThat(events.get(events.size() - 1).get("lost").asInt()).isZero();
    }

    private static User other() {
        return User.named(OTHER).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace", "inline"})
    void whoIsNamedRunsIt(String backend) throws Exception {
        Ended ended = trace(Map.of(), "--backend", backend, "--user", OTHER);
        assertRunsAs(other(), other().home(), OTHER, ended);
        assertThat(ended.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void underSudoItIsWhoCalledIt(String backend) throws Exception {
        Ended ended = trace(Map.of("SUDO_UID", Integer.toString(other().id())), "--backend", backend);
        assertRunsAs(other(), other().home(), OTHER, ended);
        assertThat(ended.err())
                .isEqualTo("tracetoll: launching " + program + " as " + OTHER
                        + ", who called sudo; --user root launches it as root\n");
    }

    @Test
    void whatIsMeasuredRunsAsWhoCalledSudo() throws Exception {
        Path writable = Files.createDirectory(built.resolve("writable"));
        Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path made = writable.resolve("made");
        Ended ended = run(
                Map.of("SUDO_UID", Integer.toString(other().id())),
                ToolCommand.of(List.of(
                        "bench",
                        "--technique",
                        "ptrace",
                        "--rounds",
                        "1",
                        "--warmup",
                        "0",
                        "--function",
                        "^main\\.told$",
                        "--out",
                        directory.toString(),
                        "--",
                        program.toString(),
                        made.toString())));
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(Files.getOwner(made).getName()).isEqualTo(OTHER);
        assertThat(ended.err())
                .contains(
                        "launching " + program + " as " + OTHER + ", who called sudo; --user root launches it as root");
    }

    @Test
    void rootStaysRootWhereItIsNamed() throws Exception {
        Ended ended = trace(
                Map.of("SUDO_UID", Integer.toString(other().id()), "HOME", "/somewhere", "USER", "me"),
                "--backend",
                "ptrace",
                "--user",
                "root");
        assertThat(ended.err()).isEmpty();
        List<JsonNode> events = TraceSchema.trace(ended.out().lines().toList());
        assertThat(events.get(0).get("arguments"))
                .extracting(each -> each.get("value").asText())
                .contains("0", "/somewhere", "me");
    }

    @Test
    void whoIsNotThereIsNamed() throws Exception {
        Ended ended = trace(Map.of(), "--user", "nobody-of-that-name");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).isEqualTo("tracetoll: There is no user \"nobody-of-that-name\" on this system\n");
    }

    @Test
    void whoMayNotExecuteItIsTold() throws Exception {
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        try {
            Ended ended = trace(Map.of(), "--backend", "ptrace", "--user", OTHER);
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err()).contains("cannot be executed: Permission denied");
        } finally {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
