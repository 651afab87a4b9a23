package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.BuiltTool;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsBenchstat;
import dev.tracetoll.testing.NeedsEbpf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsEbpf
@BesideOthers
class BenchProgramIT {

    private static final Path TARGETS =
            Path.of("..", "targets", "target", "bin").toAbsolutePath().normalize();

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Path own;

    @BeforeAll
    static void build() throws Exception {
        own = GoProgram.build("own", shared);
    }

    private ToolServer.Ended bench(Object... arguments) {
        List<String> all =
                new ArrayList<>(List.of("bench", "--out", directory.toString(), "--seed", "1", "--no-progress"));
        Stream.of(arguments).map(Object::toString).forEach(all::add);
        return ToolServer.run(all, shared);
    }

    private Run run(Object... arguments) throws IOException {
        ToolServer.Ended ended = bench(arguments);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        return ResultStore.load(results());
    }

    /** The target {@code serve}, launched anew for each run of a load. */
    private Run runServer(int port, String load, Object... arguments) throws IOException {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--ready", "listening on", "--load", load));
        all.addAll(List.of("--", TARGETS.resolve("serve"), "-listen", "127.0.0.1:" + port));
        return run(all.toArray());
    }

    private Path results() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.resolve("results"))) {
            return all.iterator().next();
        }
    }

    private static List<String> warnings(Run run) {
        return run.warnings().stream().map(Warning::what).toList();
    }

    @Test
    void everyCallOfAProgramIsAccountedForUnderEachTechnique() throws IOException {
        Run run = run(
                "-f",
                "^main.work$",
                "--rounds",
                2,
                "--metric",
                "score=score: (.*) points:higher",
                "--",
                own,
                "-calls",
                3000);

        assertThat(run.experiment()).isEqualTo("program");
        assertThat(run.arms())
                .extracting(Arm::name)
                .containsExactly(
                        "untraced", "untraced-again", "ebpf-count", "inline", "ebpf-patched", "ebpf", "ptrace");
        assertThat(run.arms()).allSatisfy(arm -> {
            assertThat(arm.calls()).isEqualTo(3000);
            assertThat(arm.valid()).isTrue();
            assertThat(arm.target()).isEqualTo("own");
            assertThat(arm.function()).isEqualTo("main.work");
            assertThat(arm.arguments()).containsExactly("-calls", "3000");
            assertThat(arm.bursts().rounds()).isEqualTo(2);
            assertThat(arm.metric("score").orElseThrow().rounds()).containsExactly(List.of(1234.5), List.of(1234.5));
            assertThat(arm.metric("CPU time").orElseThrow().rounds())
                    .allSatisfy(round -> assertThat(round.get(0)).isPositive());
            assertThat(arm.targetPeakBytes()).isPositive();
            assertThat(arm.signatures())
                    .isEqualTo(arm.untraced() ? List.of() : List.of("main.work(n int, text string) int"));
        });
        assertThat(run.arms().stream()
                        .filter(arm -> !arm.untraced() && !arm.name().equals("ebpf-count")))
                .allSatisfy(arm -> {
                    assertThat(arm.callEvents().seen() + arm.callEvents().lost())
                            .isEqualTo(6000);
                    assertThat(arm.returnEvents().expected()).isEqualTo(6000);
                });
        assertThat(warnings(run)).noneMatch(warning -> warning.contains("output"));
        assertThat(Main.run(
                        "report",
                        results().toString(),
                        "--out",
                        directory.resolve("again").toString()))
                .isZero();
        assertThat(Main.run("compare", results().toString(), results().toString()))
                .isIn(0, 4);
    }

    /** As most that are in packages. What changes the program has to know it, and is left out, unless somebody chose it. */
    @Test
    void aStrippedProgramIsMeasuredByWhatCan() throws Exception {
        Path stripped = directory.resolve("stripped");
        assertThat(new ProcessBuilder("strip", "-o", stripped.toString(), own.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        List<Object> once = List.of("-f", "^main.work$", "--rounds", 1, "--warmup", 0, "--", stripped, "-calls", 300);
        List<Object> chosen = new ArrayList<>(List.of("--technique", "inline"));
        chosen.addAll(once);
        ToolServer.Ended refused = bench(chosen.toArray());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errors()).contains(stripped + " has no debugging information that describes Go's runtime");

        Run run = run(once.toArray());
        assertThat(run.arms())
                .extracting(Arm::name)
                .containsExactly("untraced", "untraced-again", "ebpf-count", "ebpf", "ptrace");
        assertThat(run.arms()).allMatch(Arm::valid).allMatch(arm -> arm.calls() == 300);
        assertThat(warnings(run))
                .anyMatch(warning -> warning.startsWith("inline was left out: " + stripped))
                .anyMatch(warning -> warning.startsWith("ebpf-patched was left out: " + stripped));
    }

    @Test
    void whatTheProgramReadsAndPrintsIsAsWithoutTracing() throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "one\ntwo\nthree\n");
        Path prepared = directory.resolve("prepared");

        Run run = run(
                "-f",
                "main.work",
                "--technique",
                "ptrace",
                "--rounds",
                2,
                "--warmup",
                0,
                "--stdin",
                input,
                "--prepare",
                "echo once >>" + prepared,
                "--",
                own,
                "-calls",
                0,
                "-lines",
                "-clock");

        assertThat(run.arms()).allSatisfy(arm -> assertThat(arm.calls()).isEqualTo(3));
        assertThat(warnings(run)).anyMatch(warning -> warning.contains("differs from run to run without any tracing"));
        assertThat(Files.readAllLines(prepared)).hasSize(run.arms().size() * 2);
    }

    @Test
    void aProgramThatFailsIsMeasuredOnlyIfThatIsWanted() throws IOException {
        ToolServer.Ended failing = bench("-f", "main.work", "--rounds", 1, "--", own, "-exit", 3);
        assertThat(failing.exitCode()).isEqualTo(1);
        assertThat(failing.errors()).contains("Without any tracing, own exited with code 3", "--ignore-failure");
        assertThat(directory.resolve("results")).doesNotExist();

        Run run = run(
                "-f", "main.work", "--technique", "inline", "--rounds", 1, "--ignore-failure", "--", own, "-exit", 3);
        assertThat(run.valid()).isTrue();
    }

    @Test
    void whatTakesTooLongIsEnded() {
        ToolServer.Ended ended =
                bench("-f", "main.work", "--rounds", 1, "--timeout", "300ms", "--", own, "-sleep", "1h");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("took longer than", "--timeout", "--load");
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info()
                                .command()
                                .filter(own.toString()::equals)
                                .isPresent()))
                .isEmpty();
    }

    @Test
    void withoutACallThereIsNothingToSay() {
        ToolServer.Ended ended = bench("-f", "main.work", "--rounds", 1, "--", own, "-calls", 0);

        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).contains("No call of main.work was seen in own");
        assertThat(directory.resolve("results")).doesNotExist();
    }

    @Test
    void aServerIsMeasuredUnderItsLoad() throws IOException {
        int port = freePort();
        Run run = runServer(
                port,
                TARGETS.resolve("load") + " -requests 300 http://127.0.0.1:" + port,
                "-f",
                "^main.(parse|answer)$",
                "--technique",
                "ebpf",
                "--technique",
                "inline",
                "--rounds",
                2);

        assertThat(run.arms()).allSatisfy(arm -> {
            assertThat(arm.calls()).isEqualTo(600);
            assertThat(arm.valid()).isTrue();
            assertThat(arm.metric("requests").orElseThrow().higherIsBetter()).isTrue();
            assertThat(arm.metric("p99").orElseThrow().unit()).isEqualTo("ns");
        });
        assertThat(run.arms().stream()
                        .filter(arm -> arm.name().equals("ebpf"))
                        .findFirst()
                        .orElseThrow())
                .satisfies(arm -> assertThat(arm.callEvents().expected()).isEqualTo(1200));
    }

    /** As of a load that lasts for a time: one run alone was counted, and what is other than in that one is nobody's fault. */
    @Test
    void otherCallsThanWereCountedAreNoFaultWhereTheLoadMadeOthers() throws IOException {
        int port = freePort();
        Path runs = Files.createFile(directory.resolve("runs"));
        String load = "echo >>" + runs + "; exec " + TARGETS.resolve("load") + " -requests $((100 + $(wc -l <" + runs
                + "))) http://127.0.0.1:" + port;

        Run run = runServer(
                port, load, "-f", "main.answer", "--technique", "ebpf", "--technique", "ptrace", "--rounds", 1);

        assertThat(run.arms()).allSatisfy(arm -> assertThat(arm.valid()).isTrue());
        assertThat(run.arms().stream()
                        .filter(arm -> !arm.untraced())
                        .map(arm -> arm.callEvents().expected()))
                .as("of which one was counted")
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(warnings(run)).anyMatch(warning -> warning.startsWith("the load made between 10"));
    }

    @Test
    void aServerThatIsKeptIsAttachedToAndLeftAsItWas() throws Exception {
        int port = freePort();
        Process server = new ProcessBuilder(TARGETS.resolve("serve").toString(), "-listen", "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .start();
        try {
            server.getInputStream().read();
            Run run = run(
                    "-f",
                    "main.answer",
                    "--technique",
                    "inline",
                    "--technique",
                    "ptrace",
                    "--rounds",
                    2,
                    "--load",
                    TARGETS.resolve("load") + " -requests 200 http://127.0.0.1:" + port,
                    "--pid",
                    server.pid());

            assertThat(run.arms()).allSatisfy(arm -> {
                assertThat(arm.calls()).isEqualTo(200);
                assertThat(arm.valid()).isTrue();
            });
            assertThat(server.isAlive()).isTrue();
        } finally {
            server.destroy();
        }
    }

    @NeedsBenchstat
    @Test
    void goBenchmarksAreReadByBenchstat() throws Exception {
        Path module = Files.createDirectories(directory.resolve("module"));
        Files.writeString(module.resolve("go.mod"), "module example.com/module\n\ngo 1.19\n");
        Files.writeString(module.resolve("testdata"), "as go test has it");
        Files.writeString(module.resolve("parse_test.go"), """
                package module

                import (
                    "os"
                    "testing"
                )

                //go:noinline
                func parse(n int) int {
                    for i := 0; i < 50; i++ {
                        n = n*3 + 1
                    }
                    return n
                }

                func BenchmarkParse(b *testing.B) {
                    if _, err := os.Stat("testdata"); err != nil {
                        b.Fatal(err)
                    }
                    for i := 0; i < b.N; i++ {
                        parse(i)
                    }
                }
                """);

        Run run = run(
                "-f",
                "module.parse$",
                "--technique",
                "ebpf-patched",
                "--rounds",
                6,
                "--go-bench",
                module,
                "--",
                "-test.benchtime=500x");

        assertThat(run.arms()).allSatisfy(arm -> {
            assertThat(arm.valid()).isTrue();
            assertThat(arm.metric("Parse ns/op").orElseThrow().rounds()).hasSize(6);
        });
        Process benchstat = new ProcessBuilder(
                        BuiltTool.BENCHSTAT.program().toString(),
                        "-format",
                        "csv",
                        results().resolve("benchmarks-untraced.txt").toString(),
                        results().resolve("benchmarks-ebpf-patched.txt").toString())
                .start();
        assertThat(new String(benchstat.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("pkg: example.com/module")
                .containsPattern("Parse(-\\d+)?,");
    }

    @Test
    void nonsenseIsRefusedInOneLine() {
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("--function says", "--", own),
                List.of("PROGRAM to launch", "-f", "x"),
                List.of("--user is for a PROGRAM", "-f", "x", "--user", "root", "--go-bench", "."),
                List.of("--pid needs --load", "-f", "x", "--pid", 1),
                List.of("--ready is about a server", "-f", "x", "--ready", "1", "--", own),
                List.of("--keep is about a server", "-f", "x", "--keep", "--", own),
                List.of("--warmup -1", "-f", "x", "--warmup", "-1", "--", own),
                List.of("--stdin /nowhere", "-f", "x", "--stdin", "/nowhere", "--", own),
                List.of("leave out --load", "-f", "x", "--go-bench", ".", "--load", "x"),
                List.of("No function of", "-f", "main.nothing", "--", own),
                List.of("cannot trace the functions", "-f", "main.work", "--technique", "perf", "--", own),
                List.of("No technique magic", "-f", "main.work", "--technique", "magic", "--", own),
                List.of(
                        "finds \"many\"",
                        "-f",
                        "main.answer",
                        "--rounds",
                        1,
                        "--metric",
                        "x=as (m.*)",
                        "--load",
                        "echo as many",
                        "--",
                        TARGETS.resolve("serve")),
                List.of("is found in no line", "-f", "main.work", "--rounds", 1, "--metric", "x=nowhere", "--", own),
                List.of("No such file", "-f", "main.work", "--", "/no/program"))) {
            ToolServer.Ended ended = bench(wrong.subList(1, wrong.size()).toArray());
            assertThat(ended.exitCode()).as(wrong + ended.errors()).isEqualTo(2);
            assertThat(ended.errors()).contains((String) wrong.get(0));
        }
        assertThat(directory.resolve("results")).doesNotExist();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
