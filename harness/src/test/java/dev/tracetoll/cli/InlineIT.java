package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ToolCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trace --backend inline}, and what is left of it. */
@BesideOthers
@NeedsPtrace
class InlineIT {

    private static final int KILLS = 5;
    private static final int LONGEST_LIFE_MS = 1_500;
    private static final long PATIENCE_S = 60;
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

    @Test
    void everyCallOfALaunchedProgramIsSeen() {
        ToolServer.Ended inline = trace("--format", "json", "--function", FUNCTION, program.toString(), "calls");
        ToolServer.Ended ebpf = ToolServer.run(
                List.of("trace", "--format", "json", "--function", FUNCTION, program.toString(), "calls"), directory);

        assertThat(inline.exitCode()).as(inline.errors()).isZero();
        assertThat(values(inline.text())).isNotEmpty().isEqualTo(values(ebpf.text()));
        assertThat(inline.text()).contains("\"site\":\"patched\"").contains("\"lost\":0");
    }

    /** What is passed and returned, without what differs between two runs. */
    private static List<String> values(String output) {
        return output.lines()
                .filter(line -> line.contains("\"arguments\"") || line.contains("\"results\""))
                .map(line -> line.replaceAll("\"(thread|timestampNs|durationNs|goroutine|site)\":[^,}]*,?", ""))
                .toList();
    }

    @Test
    void aProgramWhoseTracerWasKilledRunsOnAndIsAsBeforeWhenDetached() throws Exception {
        Process server = serve();
        byte[] code = code(server);
        Random random = new Random(19);
        int found = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process tracer = new ProcessBuilder(ToolCommand.trace(List.of(
                            "--backend",
                            "inline",
                            "--output",
                            directory.resolve("trace").toString(),
                            "--function",
                            FUNCTION,
                            "--pid",
                            Long.toString(server.pid()))))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // The last one has begun to trace, so that there is something to take away.
            if (kill == KILLS - 1) {
                awaitJumps(server);
            } else {
                tracer.waitFor(random.nextInt(LONGEST_LIFE_MS), TimeUnit.MILLISECONDS);
            }
            tracer.destroyForcibly().waitFor();
            assertThat(server.isAlive())
                    .as("the program after kill %d", kill + 1)
                    .isTrue();
            if (hasRings(server)) {
                found++;
                ToolServer.Ended refused =
                        trace("--function", FUNCTION, "--limit", "1", "--pid", Long.toString(server.pid()));
                assertThat(refused.exitCode()).isOne();
                assertThat(refused.errors()).contains("run tracetoll detach --pid " + server.pid());
            }
            ToolServer.Ended detached =
                    ToolServer.run(List.of("detach", "--pid", Long.toString(server.pid())), directory);
            assertThat(detached.exitCode()).as(detached.errors()).isZero();
            assertThat(code(server)).as("the code after kill %d", kill + 1).isEqualTo(code);
            assertThat(hasRings(server)).isFalse();
        }
        assertThat(found).as("times that something was left").isPositive();

        ToolServer.Ended again = trace("--function", FUNCTION, "--limit", "10", "--pid", Long.toString(server.pid()));
        assertThat(again.exitCode()).as(again.errors()).isZero();
        assertThat(code(server)).isEqualTo(code);
        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void nothingIsTakenAwayWhereNothingIs() throws Exception {
        Process server = serve();
        ToolServer.Ended detached = ToolServer.run(List.of("detach", "--pid", Long.toString(server.pid())), directory);

        assertThat(detached.exitCode()).isZero();
        assertThat(detached.text()).isEqualTo("Nothing of a tracer is in process " + server.pid() + ".\n");
    }

    private ToolServer.Ended trace(String... arguments) {
        List<String> words = new ArrayList<>(List.of("trace", "--backend", "inline"));
        words.addAll(List.of(arguments));
        return ToolServer.run(words, directory);
    }

    private Process serve() throws IOException {
        Process server = new ProcessBuilder(program.toString(), "serve")
                .redirectErrorStream(true)
                .start();
        started.add(server);
        assertThat(server.getInputStream().readNBytes(6)).asString().isEqualTo("ready\n");
        return server;
    }

    private static void awaitJumps(Process server) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!hasRings(server)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(10);
        }
        Thread.sleep(300);
    }

    private static boolean hasRings(Process server) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps"))
                .contains("tracetoll-inline");
    }

    /** The code of the program as it is in the server's memory. */
    private static byte[] code(Process server) throws IOException {
        try (ElfFile elf = ElfFile.open(program);
                RandomAccessFile memory = new RandomAccessFile("/proc/" + server.pid() + "/mem", "r")) {
            ElfFile.Segment text = elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = new byte[(int) text.fileSize()];
            memory.seek(text.address());
            memory.readFully(bytes);
            return bytes;
        }
    }
}
