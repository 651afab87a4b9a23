package dev.tracetoll.cli;

import static dev.tracetoll.testing.TraceProcess.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ProcessCode;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.testing.TraceProcess;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code trace} by jumps in the program's code, and what is left of it. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class PatchingIT {

    private static final int LONGEST_LIFE_MS = 1_500;
    private static final long PATIENCE_S = 60;
    private static final byte[] NOP = {0x0f, 0x1f, 0x44, 0x00, 0x00};
    private static final String FUNCTION = "^main\\.add$";

    @TempDir
    private static Path built;

    private static Path program;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void build() throws Exception {
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwxr-xr-x"));
        program = GoProgram.build("traced", built);
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.getOutputStream().close();
            assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inline", "ebpf-patched"})
    void everyCallOfALaunchedProgramIsSeen(String backend) {
        ToolServer.Ended patched =
                trace(backend, "--format", "json", "--function", FUNCTION, program.toString(), "calls");
        ToolServer.Ended ebpf = ToolServer.run(
                List.of("trace", "--format", "json", "--function", FUNCTION, program.toString(), "calls"), directory);

        assertThat(patched.exitCode()).as(patched.errors()).isZero();
        assertThat(values(patched.text())).isNotEmpty().isEqualTo(values(ebpf.text()));
        assertThat(patched.text()).contains("\"site\":\"patched\"").contains("\"lost\":0");
    }

    /** Which are moved to where a BPF program can read them; where there is no room for them, the site has a probe of its own. */
    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void floatingPointRegistersAreReadWithoutASignal(GoRelease go) throws Exception {
        Path floats = go.build(directory, "floats");
        String functions = "^main\\.(leaf|few|all|both)$";
        // What the program prints, in no lines of its own, is to be between no events.
        Path events = directory.resolve("floats.json");
        List<String> words =
                List.of("--format", "json", "--output", events.toString(), "--function", functions, floats.toString());
        trace("ptrace", words.toArray(String[]::new));
        List<String> stopped = values(Files.readString(events));
        ToolServer.Ended patched = trace("ebpf-patched", words.toArray(String[]::new));
        List<String> jumped = values(Files.readString(events));

        assertThat(patched.exitCode()).as(patched.errors()).isZero();
        assertThat(patched.errors())
                .contains("calls of main.leaf are seen by a trap, not by a jump: more floating-point registers")
                .doesNotContain("calls of main.few", "calls of main.all", "calls of main.both");
        assertThat(jumped.stream().filter(line -> !line.contains("main.leaf")))
                .hasSize(6)
                .isEqualTo(stopped.stream()
                        .filter(line -> !line.contains("main.leaf"))
                        .toList())
                .noneMatch(line -> line.contains("unreadable"));
        assertThat(jumped).anyMatch(line -> line.contains("main.leaf") && line.contains("16.0"));
    }

    /** The jumps go with the memory that they are in, and nothing is seen from the first instruction of the next program on. */
    @ParameterizedTest
    @ValueSource(strings = {"ebpf-patched", "inline"})
    void tracingEndsWhereTheProgramIsExecutedAnew(String backend) {
        Path executing = GoRelease.NEWEST.build(directory, "executing");
        ToolServer.Ended ended =
                trace(backend, "--format", "json", "--function", "^main\\.", executing.toString(), "first", "1");

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.errors()).contains("has executed a program since, in which there are no jumps of this tracer");
        assertThat(ended.text())
                .contains("done 4", "\"why\":\"exec\"")
                .contains("\"name\":\"n\",\"type\":\"int\",\"value\":1}")
                .doesNotContain("\"name\":\"n\",\"type\":\"int\",\"value\":0}", "main.scale\",\"goroutine");
    }

    /** What is passed and returned, without what differs between two runs. */
    private static List<String> values(String output) {
        return output.lines()
                .filter(line -> line.contains("\"arguments\"") || line.contains("\"results\""))
                .map(line -> line.replaceAll("\"(thread|timestampNs|durationNs|goroutine|site)\":[^,}]*,?", ""))
                .toList();
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The tracer is killed, at random moments, where there are jumps in a running process or are to be",
            promise = "the program runs on; `detach` puts back every byte, and another trace is refused until then")
    @ParameterizedTest
    @CsvSource({"inline, all", "inline, durations", "ebpf-patched, all"})
    void aProgramWhoseTracerWasKilledRunsOnAndIsAsBeforeWhenDetached(String backend, String collect) throws Exception {
        Process server = serve();
        byte[] code = code(server);
        Random random = new Random(19);
        int found = 0;
        int kills = Tries.wanted(5, 100);
        for (int kill = 0; kill < kills; kill++) {
            Process tracer = new ProcessBuilder(ToolCommand.trace(List.of(
                            "--backend",
                            backend,
                            "--collect",
                            collect,
                            "--output",
                            directory.resolve("trace").toString(),
                            "--function",
                            FUNCTION,
                            "--pid",
                            Long.toString(server.pid()))))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // The last one has begun to trace, so that there is something to take away.
            if (kill == kills - 1) {
                awaitJumps(server, code);
            } else {
                tracer.waitFor(random.nextInt(LONGEST_LIFE_MS), TimeUnit.MILLISECONDS);
            }
            tracer.destroyForcibly().waitFor();
            assertThat(server.isAlive())
                    .as("the program after kill %d", kill + 1)
                    .isTrue();
            if (TraceProcess.hasJumps(server.pid())) {
                found++;
                ToolServer.Ended refused =
                        trace(backend, "--function", FUNCTION, "--limit", "1", "--pid", Long.toString(server.pid()));
                assertThat(refused.exitCode()).isOne();
                assertThat(refused.errors()).contains("run tracetoll detach --pid " + server.pid());
            }
            ToolServer.Ended detached =
                    ToolServer.run(List.of("detach", "--pid", Long.toString(server.pid())), directory);
            assertThat(detached.exitCode()).as(detached.errors()).isZero();
            assertThat(code(server)).as("the code after kill %d", kill + 1).isEqualTo(code);
            assertThat(TraceProcess.hasJumps(server.pid())).isFalse();
            Tries.kept();
        }
        assertThat(found).as("times that something was left").isPositive();

        ToolServer.Ended again =
                trace(backend, "--function", FUNCTION, "--limit", "10", "--pid", Long.toString(server.pid()));
        assertThat(again.exitCode()).as(again.errors()).isZero();
        assertThat(again.errors())
                .containsPattern("process " + server.pid()
                        + " stood still for [0-9]+\\.[0-9] ms while [1-9][0-9]* jumps were put into it");
        assertThat(code(server)).isEqualTo(code);
        assertThat(server.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inline", "ebpf-patched"})
    void noJumpIsPutOverSomebodyElsesProbe(String backend) throws Exception {
        Process server = serve();
        byte[] code = code(server);
        Path others = directory.resolve("other");
        Process other = new ProcessBuilder(ToolCommand.trace(List.of(
                        "--output", others.toString(), "--function", FUNCTION, "--pid", Long.toString(server.pid()))))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Its first probes are on the runtime's functions, where no jump is to be.
        await("calls seen by the other tracer", () -> Files.exists(others) && Files.size(others) > 0);
        ToolServer.Ended refused =
                trace(backend, "--function", FUNCTION, "--limit", "1", "--pid", Long.toString(server.pid()));
        other.destroy();
        other.waitFor();

        assertThat(refused.exitCode()).isOne();
        assertThat(refused.errors()).contains("another tracer may have a probe there");
        await("the code as before", () -> Arrays.equals(code(server), code));
        ToolServer.Ended again =
                trace(backend, "--function", FUNCTION, "--limit", "1", "--pid", Long.toString(server.pid()));
        assertThat(again.exitCode()).as(again.errors()).isZero();
    }

    /** The kernel takes the probes away with their tracer, and the nops are nops again; and while it traced, calls were in their place. */
    @Test
    void whatJumpsLeadToDoesNothingOnceTheTracerWasKilled() throws Exception {
        Process server = serve();
        byte[] code = code(server);
        Process tracer = new ProcessBuilder(ToolCommand.trace(List.of(
                        "--backend",
                        "ebpf-patched",
                        "--output",
                        directory.resolve("trace").toString(),
                        "--function",
                        FUNCTION,
                        "--pid",
                        Long.toString(server.pid()))))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitJumps(server, code);
        await(
                "probes",
                () -> probes(server)
                        .contains(Emulation.ofThisKernel().nopAsCall().available() ? (byte) 0xe8 : (byte) 0xcc));
        tracer.destroyForcibly().waitFor();
        await("no probe", () -> probes(server).isEmpty());

        assertThat(server.isAlive()).isTrue();
        assertThat(TraceProcess.hasJumps(server.pid())).isTrue();
        ToolServer.Ended detached = ToolServer.run(List.of("detach", "--pid", Long.toString(server.pid())), directory);
        assertThat(detached.exitCode()).as(detached.errors()).isZero();
        assertThat(TraceProcess.hasJumps(server.pid())).isFalse();
    }

    /** What is in the place of nops: the first bytes of what differs, in what the jumps lead to, from the file of memory that it is mapped from. */
    private static List<Byte> probes(Process server) throws IOException {
        String mapping = Files.readAllLines(Path.of("/proc", Long.toString(server.pid()), "maps")).stream()
                .filter(line -> line.contains("/memfd:tracetoll-ebpf-patched"))
                .findFirst()
                .orElseThrow();
        String range = mapping.substring(0, mapping.indexOf(' '));
        byte[] file = Files.readAllBytes(Path.of("/proc", Long.toString(server.pid()), "map_files", unpadded(range)));
        byte[] now = new byte[file.length];
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + server.pid() + "/mem", "r")) {
            memory.seek(Long.parseLong(range.substring(0, range.indexOf('-')), 16));
            memory.readFully(now);
        }
        List<Byte> probes = new ArrayList<>();
        for (int i = Arrays.mismatch(file, now); i >= 0 && i < file.length; i++) {
            if (file[i] == NOP[0] && Arrays.equals(file, i, i + NOP.length, NOP, 0, NOP.length) && now[i] != file[i]) {
                probes.add(now[i]);
            }
        }
        return probes;
    }

    /** The kernel names these files without leading zeros. */
    private static String unpadded(String range) {
        return range.replaceAll("(^|-)0+", "$1");
    }

    @Test
    void nothingIsTakenAwayWhereNothingIs() throws Exception {
        Process server = serve();
        ToolServer.Ended detached = ToolServer.run(List.of("detach", "--pid", Long.toString(server.pid())), directory);

        assertThat(detached.exitCode()).isZero();
        assertThat(detached.text()).isEqualTo("Nothing of a tracer is in process " + server.pid() + ".\n");
    }

    private ToolServer.Ended trace(String backend, String... arguments) {
        List<String> words = new ArrayList<>(List.of("trace", "--backend", backend));
        words.addAll(List.of(arguments));
        return ToolServer.run(words, directory);
    }

    private Process serve() throws IOException {
        Process server = TracedServer.start(program);
        started.add(server);
        return server;
    }

    /** @param before its code */
    private static void awaitJumps(Process server, byte[] before) throws Exception {
        // Before there is memory, the code differs while the process is made to map it.
        await("jumps", () -> TraceProcess.hasJumps(server.pid()) && !Arrays.equals(code(server), before));
    }

    private static byte[] code(Process server) throws IOException {
        return ProcessCode.read(program, server.pid());
    }
}
