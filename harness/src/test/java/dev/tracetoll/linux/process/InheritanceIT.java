package dev.tracetoll.linux.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that {@code tracetoll trace} launches inherits what it would inherit without it: the launcher, the JVM and the tracer are not seen. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class InheritanceIT {

    private static final Path LAUNCHER = Path.of(System.getProperty("tracetoll.home"), "tracetoll");
    private static final Duration LONG = Duration.ofMinutes(5);

    /**
     * Names that shells drop or have a meaning for, those that the launcher sets and uses, a name twice, an empty value, words without a name or
     * a value, and bytes that are no text.
     */
    private static final String ENVIRONMENT = String.join(
            "\0",
            "PATH=/usr/local/go/bin:/usr/bin:/bin",
            "JAVA_HOME=/nowhere",
            "HOME=/root",
            "home=other",
            "state=x",
            "file=y",
            "ignored=z",
            "with.dot=1",
            "A=1",
            "A=2",
            "empty=",
            "noValue",
            "=noName",
            "IFS=:",
            "PWD=/wrong",
            "OLDPWD=/old",
            "BASH_ENV=/dev/zero",
            "ENV=/dev/zero",
            "BASH_FUNC_sed%%=() { exit 9; }",
            "LC_ALL=C",
            "high\u00ff=\u00fe\u00c3",
            "TRACETOLL_ENVIRONMENT_1=mine",
            "TRACETOLL_ENVIRONMENT_2=mine too",
            "TRACETOLL_BUILT=" + LAUNCHER.getParent(),
            "long=" + "x".repeat(120_000),
            "longer=" + "y".repeat(120_000),
            "");

    @TempDir
    private static Path directory;

    private static Path program;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("inheriting", directory);
    }

    /** Whatever starts the command, and gives it what {@link Launch} does not. */
    private enum Starter {
        NOTHING(List.of()),
        TOOLS(List.of(
                "/usr/bin/env",
                "--ignore-signal=HUP,PIPE,INT,CHLD",
                "--block-signal=USR1,TERM",
                "/usr/bin/setpriv",
                "--no-new-privs",
                "/usr/bin/nice",
                "-n",
                "3",
                "/usr/bin/prlimit",
                "--nofile=300:400",
                "--core=1",
                "--stack=4194304:8388608",
                "/usr/bin/choom",
                "-n",
                "77",
                "--",
                "/usr/bin/taskset",
                "1")),
        SHELL(List.of(
                "/bin/bash",
                "-pc",
                "umask 027; cd /; exec 3</etc/hostname 9</etc/passwd 255<. 0<&- 2>&-; exec \"$@\"",
                "bash"));

        private final List<String> command;

        Starter(List<String> command) {
            this.command = command;
        }
    }

    @Promise(
            chapter = Promise.Chapter.PROGRAM,
            fault =
                    "A program is launched from a shell with descriptors, limits, signals, niceness, environment and group of its own",
            promise = "it inherits them as it would untraced")
    @ParameterizedTest
    @CsvSource({
        "ebpf, NOTHING",
        "ptrace, NOTHING",
        "ebpf, TOOLS",
        "ptrace, TOOLS",
        "ebpf, SHELL",
        "ptrace, SHELL",
        "inline, SHELL"
    })
    void isThatOfTheCommand(String backend, Starter by) throws Exception {
        String vector = program + "\0two words\0\0\u00ff\u00fe\0--pid\0";
        Path trace = directory.resolve("trace-" + backend);
        int[] pipe = new int[2];
        assertThat(FileCalls.LIBC.pipe2(pipe, 0)).isZero();
        String alone;
        String traced;
        try {
            alone = run(by, pipe[0], vector);
            traced = run(
                    by,
                    pipe[0],
                    LAUNCHER + "\0trace\0--backend\0" + backend + "\0--output\0" + trace
                            + "\0--function\0^main\\.Traced$\0" + vector);
        } finally {
            FileCalls.LIBC.close(pipe[0]);
            FileCalls.LIBC.close(pipe[1]);
        }

        assertThat(traced).isEqualTo(alone);
        // On a busy machine the results come in a line of their own.
        assertThat(trace).content().containsPattern("main\\.Traced\\(n=1\\)(?s:.*) = 2 ");
        assertThat(alone)
                .contains(
                        switch (by) {
                            case NOTHING ->
                                List.of(
                                        "\"high\\xff=\\xfe\\xc3\"",
                                        "\"A=1\"",
                                        "\"A=2\"",
                                        "\"with.dot=1\"",
                                        "\"noValue\"",
                                        "\\xff\\xfe",
                                        "pipe");
                            case TOOLS ->
                                List.of(
                                        "priority 17",
                                        "NoNewPrivs:\t1",
                                        "\"77\\n\"",
                                        "Cpus_allowed_list:\t0\n",
                                        "SigBlk:\t0000000000000200\n");
                            case SHELL ->
                                List.of(
                                        "directory / umask 23",
                                        "descriptor 3 /etc/hostname",
                                        "descriptor 9 ",
                                        "descriptor 255 /\n",
                                        "descriptor 0 /dev/null\n");
                        });
    }

    /** What a command writes, with the command's process id named by what it is. */
    private static String run(Starter by, int descriptor, String vector) throws IOException {
        NativeWords words = NativeWords.split(vector.getBytes(StandardCharsets.ISO_8859_1));
        NativeWords all = words.behind(by.command);
        Path executed = Path.of(new String(all.words().get(0), StandardCharsets.US_ASCII));
        Inheritance inheritance = new Inheritance(
                NativeWords.split(ENVIRONMENT.getBytes(StandardCharsets.ISO_8859_1)),
                List.of(descriptor),
                0,
                0,
                List.of(),
                Optional.empty());
        try (ChildProcess child = ChildProcess.spawn(
                new Launch(executed, all, inheritance, Redirect.NULL, Redirect.PIPE, Redirect.INHERIT, false))) {
            String seen = new String(child.stdout().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Exited(0));
            // What is long is long in both, and not to be read; the command's standard output is a pipe of its own.
            return seen.replaceAll("x{120000}", "as many x")
                    .replaceAll("y{120000}", "as many y")
                    .replaceAll("\\b" + child.pid() + "\\b", "COMMAND")
                    .replaceAll("pipe:\\[\\d+]", "pipe");
        }
    }
}
