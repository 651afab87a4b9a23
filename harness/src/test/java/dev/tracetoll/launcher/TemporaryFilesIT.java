package dev.tracetoll.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.launcher.Launch.Outcome;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is needed lies in the installation: nothing has to be written, or executed, in /tmp, in the working directory or in a home. */
@NeedsEbpf
@NeedsPtrace
@BesideOthers
class TemporaryFilesIT {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final Path PROGRAM = HOME.resolve("targets/target/bin/calls");

    @TempDir
    private Path directory;

    /**
     * Runs the launcher with another /tmp, which it shares with nobody, without HOME, in a directory where nobody writes.
     *
     * @param mount options of mount(8) for it
     */
    private Outcome launch(String mount, Map<String, String> environment, String... arguments) throws Exception {
        boolean root = "root".equals(System.getProperty("user.name")) && !HOME.startsWith("/tmp");
        if (!root) {
            System.err.println("SKIPPED: another /tmp needs root, and a clone that is not in /tmp");
        }
        assumeTrue(root, "another /tmp needs root, and a clone that is not in /tmp");
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "-u",
                "HOME",
                "/usr/bin/unshare",
                "--mount",
                "--propagation",
                "private",
                "/bin/sh",
                "-c",
                "mount -t tmpfs -o \"$0\" tmpfs /tmp && exec \"$@\"",
                mount,
                HOME.resolve("tracetoll").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> all = new HashMap<>(environment);
        all.put("TRACETOLL_BUILT", HOME.toString());
        return Launch.start(Path.of("/proc"), all, command).end();
    }

    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "`/tmp` is full, read-only or without execution, there is no `HOME`",
            promise = "tracing works")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"noexec|ebpf", "noexec|ptrace", "ro|ebpf", "ro|ptrace", "nr_inodes=1|ebpf", "nr_inodes=1|ptrace"})
    void tracesWithoutThem(String mount, String backend) throws Exception {
        Outcome run = launch(
                mount, Map.of(), "trace", "--backend", backend, "--function", "^main\\.main$", PROGRAM.toString());
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.out()).contains("main.main()", "the program exited with code 0");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"noexec", "ro", "nr_inodes=1"})
    void asksToolsWithoutThem(String mount) throws Exception {
        Outcome usual = Launch.start(
                        Path.of("/"),
                        Map.of("TRACETOLL_BUILT", HOME.toString()),
                        List.of(HOME.resolve("tracetoll").toString(), "doctor"))
                .end();
        Outcome run = launch(mount, Map.of(), "doctor");
        assertThat(run.out().lines())
                .as(run.err())
                .filteredOn(line -> line.contains("clang") || line.contains("libbpf"))
                .isEqualTo(usual.out()
                        .lines()
                        .filter(line -> line.contains("clang") || line.contains("libbpf"))
                        .toList())
                .isNotEmpty();
        assertThat(run.err()).isEmpty();
    }

    /** Targets are copied, to be probed by one alone. */
    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "A directory for temporary files is needed and cannot be made",
            promise = "one line that names `TMPDIR`")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noexec|Nothing can be executed in ",
                "ro|Read-only file system",
                "nr_inodes=1|No space left on device"
            })
    void measuringSaysWhatToDo(String mount, String why) throws Exception {
        Path out = Files.createDirectories(HOME.resolve("harness/target/measured-without-tmp"));
        Outcome run = launch(
                mount,
                Map.of(),
                "bench",
                "--quick",
                "--technique",
                "ebpf",
                "--target",
                "calls",
                "--out",
                out.toString());
        assertThat(run.exit()).as("%s", run).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.contains(why)))
                .as(run.err())
                .singleElement()
                .asString()
                .contains("set TMPDIR to another directory");
    }

    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "The command is killed",
            promise = "no temporary file is left")
    @Test
    void nothingIsLeftByWhomeverIsKilled() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        for (List<String> arguments : List.of(
                List.of("doctor"),
                List.of("trace", "--function", "^main\\.main$", "/bin/sleep"),
                List.of("--version"))) {
            for (long ms : new long[] {100, 300, 500, 700, 900}) {
                List<String> command =
                        new ArrayList<>(List.of(HOME.resolve("tracetoll").toString()));
                command.addAll(arguments);
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
                builder.environment()
                        .putAll(Map.of("TRACETOLL_BUILT", HOME.toString(), "TMPDIR", temporary.toString()));
                Process process = builder.start();
                long pid = process.pid();
                if (!process.waitFor(ms, TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                }
                assertThat(Path.of("/tmp/hsperfdata_" + System.getProperty("user.name"), Long.toString(pid)))
                        .doesNotExist();
                try (Stream<Path> files = Files.list(temporary)) {
                    assertThat(files)
                            .as("%s, killed after %d ms", arguments, ms)
                            .isEmpty();
                }
            }
        }
    }
}
