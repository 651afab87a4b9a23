package dev.tracetoll.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.testing.ToolCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OneAtATime
class ChildProcessIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SIGTERM = 15;
    private static final int RLIMIT_NOFILE = 7;

    @TempDir
    Path directory;

    private static Launch shell(String script, boolean waitBeforeExec) {
        return new Launch(
                Path.of("/bin/sh"),
                List.of("-c", script),
                Map.of("GREETING", "grüß dich"),
                Redirect.PIPE,
                Redirect.PIPE,
                Redirect.PIPE,
                waitBeforeExec);
    }

    /** A child that says "ready" once its program runs and leaves at the end of its input. */
    private static ChildProcess reader(boolean waitBeforeExec) {
        return ChildProcess.spawn(shell("echo ready; read line", waitBeforeExec));
    }

    private static void awaitReady(ChildProcess child) throws IOException {
        assertThat(new String(child.stdout().readNBytes(6), StandardCharsets.UTF_8))
                .isEqualTo("ready\n");
    }

    private static String statusLine(int pid, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow()
                .split("\\s+")[1];
    }

    private static void assertNoSuchProcess(int pid) {
        assertThat(Path.of("/proc/" + pid)).doesNotExist();
    }

    @Test
    void talksToTheChildThroughItsPipes() throws IOException {
        try (ChildProcess child =
                ChildProcess.spawn(shell("read line; echo \"$line, $GREETING\"; echo oh >&2; exit 7", false))) {
            child.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello, grüß dich\n");
            assertThat(new String(child.stderr().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("oh\n");
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Exited(7));
            assertThat(child.isAlive()).isFalse();
        }
    }

    @Test
    void redirectsToFiles() throws IOException {
        Path in = Files.writeString(directory.resolve("in"), "from a file\n");
        Path out = Files.writeString(directory.resolve("out"), "what was there before is longer than what comes now\n");
        Launch launch = new Launch(
                Path.of("/bin/sh"),
                List.of("-c", "cat; echo gone >&2"),
                Map.of("PATH", "/usr/bin:/bin"),
                new Redirect.File(in),
                new Redirect.File(out),
                Redirect.NULL,
                false);
        try (ChildProcess child = ChildProcess.spawn(launch)) {
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Exited(0));
        }
        assertThat(out).hasContent("from a file\n");
    }

    @Test
    void passesArgumentsAsTheyAre() throws IOException {
        for (boolean wait : new boolean[] {false, true}) {
            List<String> arguments = List.of("-c", "printf '%s|' \"$@\"", "sh", "", "a b", "$HOME", "'", "ü\n");
            Launch launch = new Launch(
                    Path.of("/bin/sh"), arguments, Map.of(), Redirect.NULL, Redirect.PIPE, Redirect.INHERIT, wait);
            try (ChildProcess child = ChildProcess.spawn(launch)) {
                child.resume();
                assertThat(new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("|a b|$HOME|'|ü\n|");
            }
        }
    }

    @Test
    void waitsBeforeItExecutesTheProgramAndGoesOnWhenResumed() throws IOException {
        try (ChildProcess child = reader(true)) {
            assertThat(statusLine(child.pid(), "Name")).isEqualTo("starter");
            assertThat(child.awaitingExec()).isTrue();
            assertThat(PipeInput.awaitReadable(Duration.ZERO, child.stdout())).containsExactly(false);

            child.resume();
            assertThat(child.awaitingExec()).isFalse();
            awaitReady(child);
        }
    }

    @Test
    void signalsAreNeitherBlockedNorIgnored() throws IOException {
        Launch launch = new Launch(
                Path.of("/bin/sleep"), List.of("1000"), Map.of(), Redirect.NULL, Redirect.NULL, Redirect.NULL, false);
        try (ChildProcess child = ChildProcess.spawn(launch)) {
            assertThat(statusLine(child.pid(), "SigBlk")).matches("0+");
            assertThat(statusLine(child.pid(), "SigIgn")).matches("0+");
        }
    }

    @Test
    void inheritsNoFileButTheStandardStreams() throws IOException {
        int[] inheritable = new int[2];
        assertThat(FileCalls.LIBC.pipe2(inheritable, 0)).isZero();
        try {
            for (boolean wait : new boolean[] {false, true}) {
                try (ChildProcess child = reader(wait);
                        Stream<Path> files = files(child)) {
                    assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("0", "1", "2");
                }
            }
        } finally {
            FileCalls.LIBC.close(inheritable[0]);
            FileCalls.LIBC.close(inheritable[1]);
        }
    }

    @Test
    void inheritsWhatItIsToInherit() throws IOException {
        int[] inheritable = new int[2];
        assertThat(FileCalls.LIBC.pipe2(inheritable, 0)).isZero();
        int number = inheritable[1];
        long hup = 1L << Signal.SIGHUP - 1;
        long pipeBroken = 1L << 13 - 1;
        long term = 1L << SIGTERM - 1;
        // Names that no shell takes, a name twice, no name at all, and bytes that are no text.
        byte[] environment =
                "A=1\0A=2\0with.dot=3\0empty=\0without\0=x\0high=\u00ff\u00fe\0".getBytes(StandardCharsets.ISO_8859_1);
        NativeWords vector = NativeWords.split(
                "called so\0/proc/self/status\0/proc/self/limits\0/proc/self/environ\0/proc/self/cmdline\0-\0\u00fd\0"
                        .getBytes(StandardCharsets.ISO_8859_1));
        try {
            for (boolean wait : new boolean[] {false, true}) {
                Inheritance inheritance = new Inheritance(
                        NativeWords.split(environment),
                        List.of(number),
                        term,
                        hup | pipeBroken,
                        List.of(new Inheritance.Limit(RLIMIT_NOFILE, 200, 300)),
                        Optional.empty());
                Launch launch = new Launch(
                        Path.of("/bin/cat"), vector, inheritance, Redirect.PIPE, Redirect.PIPE, Redirect.NULL, wait);
                try (ChildProcess child = ChildProcess.spawn(launch)) {
                    child.resume();
                    child.stdin().write('!');
                    StringBuilder seen = new StringBuilder();
                    while (seen.indexOf("!") < 0) {
                        seen.append((char) child.stdout().read());
                    }
                    assertThat(seen)
                            .containsPattern("SigBlk:\t0*" + Long.toHexString(term) + "\n")
                            .containsPattern("SigIgn:\t0*" + Long.toHexString(hup | pipeBroken) + "\n")
                            .containsPattern("Max open files +200 +300 ")
                            .contains(new String(environment, StandardCharsets.ISO_8859_1))
                            .contains("called so\0", "\0\u00fd\0");
                    try (Stream<Path> files = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
                        assertThat(files.map(f -> f.getFileName().toString()))
                                .containsExactlyInAnyOrder("0", "1", "2", Integer.toString(number));
                    }
                }
            }
        } finally {
            FileCalls.LIBC.close(inheritable[0]);
            FileCalls.LIBC.close(inheritable[1]);
        }
    }

    /** Whoever starts a child may be killed at any moment: also while the child waits. */
    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The tracer is killed between starting the program and letting it go",
            promise = "the child ends")
    @Test
    void aChildThatWaitsEndsWithItsParent() throws Exception {
        for (int i = 0; i < Tries.wanted(3, 100); i++) {
            checkThatAChildThatWaitsEndsWithItsParent();
            Tries.kept();
        }
    }

    private static void checkThatAChildThatWaitsEndsWithItsParent() throws Exception {
        Process parent = new ProcessBuilder(ToolCommand.ofTest(Waiting.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = parent.inputReader()) {
            int pid = Integer.parseInt(said.readLine());
            assertThat(statusLine(pid, "Name")).isEqualTo("starter");
            parent.destroyForcibly();
            Deadline deadline = Deadline.in(LONG);
            while (Files.exists(Path.of("/proc/" + pid))
                    && !statusLine(pid, "State").equals("Z")) {
                assertThat(deadline.isOver()).as("it stays").isFalse();
            }
        } catch (IOException e) {
            // It went between two looks at it.
            assertThat(e).isInstanceOfAny(NoSuchFileException.class).hasMessageContaining("/proc/");
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Starts a child that waits, says its process id, and does nothing more. */
    static final class Waiting {
        public static void main(String[] arguments) throws InterruptedException {
            Launch launch = new Launch(
                    Path.of("/bin/sleep"),
                    List.of("1000"),
                    Map.of(),
                    Redirect.INHERIT,
                    Redirect.NULL,
                    Redirect.NULL,
                    true);
            System.out.println(ChildProcess.spawn(launch).pid());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void saysWhyAProgramCannotBeExecuted() throws IOException {
        Path program = Files.writeString(directory.resolve("text"), "neither a program nor a script\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Launch launch = new Launch(program, List.of(), Map.of(), Redirect.NULL, Redirect.NULL, Redirect.NULL, false);
        assertThatThrownBy(() -> ChildProcess.spawn(launch))
                .isInstanceOf(BadInput.class)
                .hasMessage("Cannot start " + program + ": it cannot be executed: Exec format error");
    }

    @SuppressWarnings("StreamResourceLeak") // The caller closes it.
    private static Stream<Path> files(ChildProcess child) throws IOException {
        child.resume();
        awaitReady(child);
        return Files.list(Path.of("/proc/" + child.pid() + "/fd"));
    }

    @Promise(
            chapter = Promise.Chapter.PROGRAM,
            fault = "A program is launched",
            promise = "no descriptor of the tracer reaches it")
    @Test
    void leaksNoDescriptorOfOurs() throws IOException {
        reader(true).close();
        Path own = Path.of("/proc/self/fd");
        List<String> before = pipesAndPidfds(own);
        for (int i = 0; i < 5; i++) {
            reader(i % 2 == 0).close();
        }
        assertThatThrownBy(() -> ChildProcess.spawn(new Launch(
                        directory.resolve("none"),
                        List.of(),
                        Map.of(),
                        Redirect.PIPE,
                        Redirect.PIPE,
                        Redirect.PIPE,
                        false)))
                .isInstanceOf(BadInput.class);
        assertThat(pipesAndPidfds(own)).isEqualTo(before);
    }

    private static List<String> pipesAndPidfds(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    String link = Files.readSymbolicLink(file).toString();
                    if (link.startsWith("pipe:") || link.contains("pidfd")) {
                        found.add(link);
                    }
                } catch (NoSuchFileException e) {
                    // Closed meanwhile, such as the descriptor of this very listing.
                }
            }
        }
        return found.stream().sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingKillsAndReaps(boolean waitBeforeExec) {
        Launch launch = shell("trap '' TERM; exec sleep 1000", waitBeforeExec);
        ChildProcess child = ChildProcess.spawn(launch);
        child.close();
        child.close();
        assertThat(child.awaitExit(Duration.ZERO)).contains(new ExitStatus.Killed(ChildProcess.SIGKILL));
        assertThat(child.isAlive()).isFalse();
        assertNoSuchProcess(child.pid());
    }

    @Test
    void closingLetsAChildLeaveThatReadsItsInput() throws IOException {
        ChildProcess child = ChildProcess.spawn(shell("echo ready; read line; exit 3", false));
        awaitReady(child);
        child.close();
        assertThat(child.awaitExit(Duration.ZERO)).contains(new ExitStatus.Exited(3));
        assertNoSuchProcess(child.pid());
    }

    @Test
    void tellsTheSignalThatKilled() {
        try (ChildProcess child = reader(false)) {
            child.signal(SIGTERM);
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Killed(SIGTERM));
            child.kill();
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Killed(SIGTERM));
        }
    }

    @Test
    void waitingTakesNothingFromWhoeverReaps() {
        try (ChildProcess child = reader(false)) {
            assertThat(child.awaitExit(Duration.ZERO)).isEmpty();
            child.kill();
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Killed(ChildProcess.SIGKILL));

            Pointer status = Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES, true);
            assertThat(ProcessCalls.LIBC.waitpid(child.pid(), status.address(), 0))
                    .isEqualTo(child.pid());
            assertThat(ExitStatus.ofWaitStatus(status.getInt(0)))
                    .isEqualTo(new ExitStatus.Killed(ChildProcess.SIGKILL));
        }
    }

    /** ptrace(2), with fixed arity. */
    public interface PtraceCalls {
        long ptrace(long request, long pid, long address, long data);
    }

    @Test
    void leavesStopsAndStatusToATracer() throws Exception {
        try (ChildProcess child = ChildProcess.spawn(shell("exit 5", true))) {
            CountDownLatch attached = new CountDownLatch(1);
            FutureTask<Integer> tracer = new FutureTask<>(() -> traceToItsEnd(child, attached));
            new Thread(tracer, "tracer").start();
            assertThat(attached.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            child.resume();
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Exited(5));
            assertThat(tracer.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("exec stops the tracer saw")
                    .isEqualTo(1);
        }
    }

    /** Lets the child run until it has exited; counts its stops at exec. */
    private static int traceToItsEnd(ChildProcess child, CountDownLatch attached) {
        long seize = 0x4206;
        long listen = 0x4208;
        long cont = 7;
        long traceExec = 0x10;
        int wall = 0x40000000;
        int execStop = 4;
        int groupStop = 128;
        PtraceCalls libc = LibraryLoader.create(PtraceCalls.class).load("c");
        assertThat(libc.ptrace(seize, child.pid(), 0, traceExec)).isZero();
        attached.countDown();
        Pointer status = Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES, true);
        int execs = 0;
        while (ProcessCalls.LIBC.waitpid(child.pid(), status.address(), wall) == child.pid()) {
            int found = status.getInt(0);
            if ((found & 0xff) != 0x7f) {
                child.reaped(found);
                break;
            }
            int event = found >> 16;
            int signal = found >> 8 & 0xff;
            execs += event == execStop ? 1 : 0;
            boolean stopSignal = signal == 19 || signal == 20 || signal == 21 || signal == 22;
            libc.ptrace(event == groupStop && stopSignal ? listen : cont, child.pid(), 0, event == 0 ? signal : 0);
        }
        return execs;
    }

    @Test
    void takesTheStatusFromWhoeverReaped() throws Exception {
        try (ChildProcess child = ChildProcess.spawn(shell("exit 5", true))) {
            FutureTask<Void> reaper = new FutureTask<>(() -> {
                Pointer status = Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES, true);
                assertThat(ProcessCalls.LIBC.waitpid(child.pid(), status.address(), 0))
                        .isEqualTo(child.pid());
                child.reaped(status.getInt(0));
                return null;
            });
            new Thread(reaper, "reaper").start();
            child.resume();
            reaper.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Exited(5));
        }
    }

    @Test
    void writingToAChildThatIsGoneFails() throws IOException {
        try (ChildProcess child = reader(false)) {
            child.kill();
            child.awaitExit(LONG);
            assertThatThrownBy(() -> child.stdin().write('x'))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Broken pipe");
        }
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "What is to be launched cannot be executed",
            promise = "one line that says why")
    @Test
    void refusesWhatCannotBeExecuted() throws IOException {
        Path plain = Files.writeString(directory.resolve("plain"), "text");
        for (boolean wait : new boolean[] {false, true}) {
            assertRefused(directory.resolve("none"), wait, "there is no such file");
            assertRefused(directory, wait, "it is not a regular file");
            assertRefused(plain, wait, "it is not executable");
        }
    }

    private static void assertRefused(Path program, boolean wait, String why) {
        Launch launch = new Launch(program, List.of(), Map.of(), Redirect.NULL, Redirect.NULL, Redirect.NULL, wait);
        assertThatThrownBy(() -> ChildProcess.spawn(launch))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(program.toString())
                .hasMessageContaining(why);
    }

    @Test
    void readsWhatAProcessHasUsed() throws IOException {
        try (ChildProcess child = ChildProcess.spawn(
                shell("i=0; while [ $i -lt 10000 ]; do i=$((i+1)); done; echo ready; read line", false))) {
            awaitReady(child);
            assertThat(ProcessUsage.cpuNs(child.pid())).isPositive();
            assertThat(ProcessUsage.peakBytes(child.pid())).isGreaterThan(4096);
        }
        assertThat(ProcessUsage.ownCpuNs()).isPositive();
        assertThat(ProcessUsage.ownPeakBytes()).isGreaterThan(1 << 20);
    }
}
