package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.linux.ptrace.Steps;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ProcessCode;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.patching.Leftovers;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.Draining;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever step a tracer that puts code into a program has come to when it is killed, putting it in or taking it away: the program runs on, and what
 * is left can be taken away.
 */
@Alone
@NeedsPtrace
class TracerKilledAtStepIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RING_BYTES = 1 << 20;
    /** Where a guardian can watch a thread: the tracer of these tests is one, and this process lives on. */
    private static final KernelVersion WATCHES_THREADS = new KernelVersion(6, 9);

    @TempDir
    private Path directory;

    @AfterEach
    void unwatch() {
        Steps.watch(null);
    }

    /** A tracer that is not there any more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Counts steps, and from one on lets none be done. */
    private static final class Countdown implements Runnable {
        private final int last;
        private int steps;

        Countdown(int last) {
            this.last = last;
        }

        @Override
        public synchronized void run() {
            if (steps == last) {
                throw new Killed();
            }
            steps++;
        }
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault =
                    "The tracer is killed before a step of putting jumps into a server under load, or of taking them away",
            promise = "no request fails, and what is left can be taken away to the last byte",
            backend = "inline")
    @ParameterizedTest
    @EnumSource
    void aProgramRunsOnWithoutATrace(TestProgram.Go go) throws Exception {
        assumeThat(KernelVersion.running().isAtLeast(WATCHES_THREADS))
                .as("a kernel that tells of the end of a thread")
                .isTrue();
        TestProgram program = TestProgram.build(go, "webserver", directory);
        TracePlan plan = program.plan(64, 1, "main.answer", "main.handle");
        try (ChildProcess server = ChildProcess.spawn(new Launch(
                        program.path(), List.of(), Map.of(), Redirect.PIPE, Redirect.PIPE, Redirect.INHERIT, false));
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(server.stdout(), StandardCharsets.UTF_8))) {
            assertThat(line(server, answers)).isEqualTo("serving");
            byte[] code = code(program, server);
            int files = files(server);
            Countdown attaching = new Countdown(Integer.MAX_VALUE);
            Steps.watch(attaching);
            TraceSession session = attach(plan, server);
            Countdown detaching = new Countdown(Integer.MAX_VALUE);
            Steps.watch(detaching);
            session.close();
            assertThat(code(program, server)).isEqualTo(code);

            for (int step : chosen(attaching.steps)) {
                Steps.watch(new Countdown(step));
                assertThatThrownBy(() -> attach(plan, server)).hasRootCauseInstanceOf(Killed.class);
                checkRepaired(program, server, code, files, "step " + step + " of attaching");
            }
            for (int step : chosen(detaching.steps)) {
                Steps.watch(null);
                TraceSession ending = attach(plan, server);
                Steps.watch(new Countdown(step));
                assertThatThrownBy(ending::close).isInstanceOf(Killed.class);
                checkRepaired(program, server, code, files, "step " + step + " of detaching");
            }
            System.out.printf(
                    "%s: %d steps of attaching, %d of detaching%n", program, attaching.steps, detaching.steps);
            server.stdin().write("tell\n".getBytes(StandardCharsets.UTF_8));
            server.stdin().flush();
            assertThat(line(server, answers)).matches("p99 [1-9][0-9]*");
            server.stdin().close();
            assertThat(line(server, answers)).matches("asked [1-9][0-9]*, failed 0");
            assertThat(server.awaitExit(PATIENCE).orElseThrow().describe()).isEqualTo("exited with code 0");
        }
    }

    private static int[] chosen(int steps) {
        assertThat(steps).as("steps").isPositive();
        return Tries.full()
                ? IntStream.range(0, steps).toArray()
                : new Random(steps).ints(Tries.wanted(10, steps), 0, steps).toArray();
    }

    private static TraceSession attach(TracePlan plan, ChildProcess server) {
        return new InlineTracer(RING_BYTES, Draining.adaptive(), notice -> {})
                .attach(plan, new TracedProcess(server.pid(), false, status -> {}), event -> {});
    }

    private static void checkRepaired(TestProgram program, ChildProcess server, byte[] code, int files, String when)
            throws Exception {
        Steps.watch(null);
        awaitGuardians();
        assertThat(server.isAlive()).as("the server after %s", when).isTrue();
        Leftovers.remove(server.pid(), program.path());
        assertThat(code(program, server)).as("the code after %s", when).isEqualTo(code);
        assertThat(Leftovers.areIn(server.pid()))
                .as("what is left after %s", when)
                .isFalse();
        assertThat(files(server)).as("files after %s", when).isLessThanOrEqualTo(files + MORE_FILES);
        Tries.kept();
    }

    /** Connections of the server's clients come and go. */
    private static final int MORE_FILES = 16;

    private static void awaitGuardians() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ProcessHandle.current()
                .children()
                .anyMatch(child -> child.info()
                        .command()
                        .filter(name -> name.endsWith("guardian"))
                        .isPresent())) {
            assertThat(System.nanoTime()).as("time for guardians to end").isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    private static int files(ChildProcess server) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Integer.toString(server.pid()), "fd"))) {
            return (int) all.count();
        }
    }

    private static String line(ChildProcess server, BufferedReader answers) throws IOException {
        assertThat(PipeInput.awaitReadable(PATIENCE, server.stdout()))
                .as("an answer of the server in time")
                .containsExactly(true);
        return answers.readLine();
    }

    /** All of the program's code as it is in memory, with what is left of its last page. */
    private static byte[] code(TestProgram program, ChildProcess server) throws IOException {
        return ProcessCode.readPages(program.path(), server.pid());
    }
}
