package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.faults.Promise;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ProcessCode;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.TracePlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server under load does not notice that tracers come and go. */
@Alone
class AttachingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration UNTRACED = Duration.ofSeconds(1);
    /** The heap may grow a little more. */
    private static final int MORE_MAPPINGS = 8;
    /** Connections of the clients come and go. */
    private static final int MORE_FILES = 16;

    @TempDir
    private Path directory;

    private static final String FAULT = "Tracers come and go, a server is under load";
    private static final String PROMISE = "no request fails or is answered wrongly, and nothing is left or grows";

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    @Promise(chapter = Promise.Chapter.ENDS, fault = FAULT, promise = PROMISE, backend = "ebpf")
    void aServerAnswersEveryRequestWhileEbpfComesAndGoes(TestProgram.Go go) throws Exception {
        check(Technique.EBPF, go, Tries.wanted(15, 1_000));
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    @Promise(chapter = Promise.Chapter.ENDS, fault = FAULT, promise = PROMISE, backend = "ptrace")
    void aServerAnswersEveryRequestWhilePtraceComesAndGoes(TestProgram.Go go) throws Exception {
        check(Technique.PTRACE, go, Tries.wanted(10, 1_000));
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    @Promise(chapter = Promise.Chapter.ENDS, fault = FAULT, promise = PROMISE, backend = "inline")
    void aServerAnswersEveryRequestWhileInlineComesAndGoes(TestProgram.Go go) throws Exception {
        check(Technique.INLINE, go, Tries.wanted(10, 1_000));
    }

    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    @Promise(chapter = Promise.Chapter.ENDS, fault = FAULT, promise = PROMISE, backend = "ebpf-patched")
    void aServerAnswersEveryRequestWhilePatchedEbpfComesAndGoes(TestProgram.Go go) throws Exception {
        check(Technique.EBPF_PATCHED, go, Tries.wanted(10, 1_000));
    }

    private void check(Technique technique, TestProgram.Go go, int times) throws Exception {
        TestProgram program = TestProgram.build(go, "webserver", directory);
        TracePlan plan = program.plan(64, 1, "main.answer", "main.handle");
        long bpfBefore = bpfDescriptors();
        Tracer tracer = Techniques.tracer(technique).orElseThrow();
        try (ChildProcess server = ChildProcess.spawn(new Launch(
                        program.path(), List.of(), Map.of(), Redirect.PIPE, Redirect.PIPE, Redirect.INHERIT, false));
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(server.stdout(), StandardCharsets.UTF_8))) {
            assertThat(line(server, answers)).isEqualTo("serving");
            byte[] code = code(program, server, plan);
            Thread.sleep(UNTRACED.toMillis());
            long untracedUs = p99Us(server, answers);
            long mappings = 0;
            long files = 0;
            for (int time = 0; time < times; time++) {
                attachAndDetach(tracer, plan, server, time);
                Tries.kept();
                // By then the runtime has the threads and the memory that it wants under this load.
                mappings = time == times / 4 ? mappings(server) : mappings;
                files = time == times / 4 ? files(server) : files;
                assertThat(server.isAlive())
                        .as("the server after %d times", time + 1)
                        .isTrue();
                if (!technique.equals(Technique.EBPF)) {
                    assertThat(code(program, server, plan))
                            .as("the program's code")
                            .isEqualTo(code);
                }
            }
            assertThat(mappings(server)).as("mappings of the server").isLessThanOrEqualTo(mappings + MORE_MAPPINGS);
            assertThat(files(server)).as("open files of the server").isLessThanOrEqualTo(files + MORE_FILES);
            Tries.measured("p99 %.1f ms, %.1f ms untraced".formatted(p99Us(server, answers) / 1e3, untracedUs / 1e3));
            assertThat(bpfDescriptors())
                    .as("BPF programs, maps and links of this process")
                    .isEqualTo(bpfBefore);
            server.stdin().close();
            assertThat(line(server, answers)).matches("asked [1-9][0-9]*, failed 0");
            assertThat(server.awaitExit(PATIENCE).orElseThrow().describe()).isEqualTo("exited with code 0");
        }
    }

    private static long p99Us(ChildProcess server, BufferedReader answers) throws IOException {
        server.stdin().write("tell\n".getBytes(StandardCharsets.UTF_8));
        server.stdin().flush();
        String answer = line(server, answers);
        assertThat(answer).matches("p99 [0-9]+");
        return Long.parseLong(answer.substring("p99 ".length()));
    }

    private static long files(ChildProcess server) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Integer.toString(server.pid()), "fd"))) {
            return files.count();
        }
    }

    private static long mappings(ChildProcess server) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Integer.toString(server.pid()), "maps"))) {
            return lines.count();
        }
    }

    /** Stays until it has seen a call and its return. */
    private static void attachAndDetach(Tracer tracer, TracePlan plan, ChildProcess server, int time) {
        AtomicReference<String> wrong = new AtomicReference<>();
        TraceSession session =
                tracer.attach(plan, new TracedProcess(server.pid(), false, status -> {}), event -> check(event, wrong));
        try (session) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (session.counts().calls() < 2 || session.counts().returns() < 1) {
                assertThat(System.nanoTime())
                        .as("still time to see calls, attached for time %d", time + 1)
                        .isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
        assertThat(wrong).as("arguments that do not fit").hasNullValue();
        assertThat(session.counts().lost()).isZero();
    }

    private static void check(TraceEvent event, AtomicReference<String> wrong) {
        if (event instanceof TraceEvent.Call call && call.function().name().equals("main.answer")) {
            long number = ((Value.Signed) call.arguments().get(0).value()).value();
            String name = new String(((Value.Text) call.arguments().get(1).value()).bytes(), StandardCharsets.UTF_8);
            if (!name.equals("number " + number)
                    || !call.arguments().get(2).value().equals(new Value.Float64(number / 2.0))) {
                wrong.set(call.toString());
            }
        }
    }

    private static String line(ChildProcess server, BufferedReader answers) throws IOException {
        assertThat(PipeInput.awaitReadable(PATIENCE, server.stdout()))
                .as("an answer of the server in time")
                .containsExactly(true);
        return answers.readLine();
    }

    /** Nothing of BPF outlives its last descriptor, as nothing is pinned. */
    private static long bpfDescriptors() throws IOException {
        long descriptors = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                try {
                    descriptors += Files.readSymbolicLink(each).toString().startsWith("anon_inode:bpf") ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // The stream's own.
                }
            }
        }
        return descriptors;
    }

    /** All of the program's code, as it is in the server's memory. */
    private static byte[] code(TestProgram program, ChildProcess server, TracePlan plan) throws IOException {
        assertThat(plan.sites().stream().map(site -> site.site().kind()))
                .as("sites")
                .contains(SiteKind.values());
        return ProcessCode.read(program.path(), server.pid());
    }
}
