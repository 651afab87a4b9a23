package dev.tracetoll.cli;

import static dev.tracetoll.cli.Surroundings.LONG;
import static dev.tracetoll.cli.Surroundings.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.cli.ToolServer.Ended;
import dev.tracetoll.faults.Promise;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.testing.TraceProcess;
import dev.tracetoll.testing.TraceSchema;
import dev.tracetoll.text.ByteSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tracetoll trace} as a user runs it: a process of its own. Whatever it does, it leaves nothing behind. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class TraceCommandIT {

    @TempDir
    private static Path built;

    private static Path program;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private Surroundings surroundings;

    private static final int SIGSTOP = 19;
    private static final int SIGCONT = 18;

    @BeforeAll
    static void build() throws Exception {
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwxr-xr-x"));
        program = GoProgram.build("traced", built);
    }

    @BeforeEach
    void rememberSurroundings() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Process process : started) {
            process.getOutputStream().close();
            if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + process.info());
            }
        }
        await("no program is left", () -> programs().isEmpty());
        surroundings.assertUnchanged();
    }

    private static List<ProcessHandle> programs() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(program.toString()::equals)
                        .isPresent())
                .toList();
    }

    private static List<String> command(String... arguments) {
        return ToolCommand.trace(List.of(arguments));
    }

    private Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .start();
        started.add(process);
        return process;
    }

    private Ended end(Process process) throws Exception {
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return new Ended(process.exitValue(), out, Files.readAllBytes(directory.resolve("err")));
    }

    private Ended run(String... arguments) {
        List<String> words = new ArrayList<>(List.of("trace"));
        words.addAll(List.of(arguments));
        return ToolServer.run(words, directory);
    }

    private Process serve() throws Exception {
        Process server = TracedServer.start(program);
        started.add(server);
        return server;
    }

    private static void assertServesOn(Process server) throws Exception {
        assertThat(server.isAlive()).isTrue();
        server.getOutputStream().close();
        assertThat(new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("served true\n");
        assertThat(server.waitFor()).isZero();
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static JsonNode last(List<JsonNode> lines) {
        return lines.get(lines.size() - 1);
    }

    private List<String> written(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Tag("fast")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void showsEveryCallOfAProgramAndLeavesItsStreamsAlone(String backend) throws Exception {
        Ended alone = end(start(List.of(program.toString(), "calls")));
        Path file = directory.resolve("trace.json");
        Ended ended = end(start(command(
                "--backend",
                backend,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "^main\\.add$",
                "--function",
                "main.outer",
                program.toString(),
                "calls")));
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.out()).isEqualTo(alone.out());
        assertThat(ended.err()).isEqualTo(alone.err());
        List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(file));
        assertThat(lines).hasSize(9);
        assertThat(lines)
                .filteredOn(line -> line.get("event").asText().equals("call"))
                .extracting(line -> line.get("depth") + line.get("function").asText() + line.get("arguments"))
                .containsExactly(
                        "0main.outer" + "[{\"name\":\"calls\",\"type\":\"int\",\"value\":3}]",
                        call(0),
                        call(1),
                        call(2));
        assertThat(lines)
                .filteredOn(line -> line.get("event").asText().equals("return"))
                .extracting(line -> line.get("results").get(0).get("value").asInt())
                .containsExactly(6, 7, 8, 21);
        assertThat(lines)
                .filteredOn(line -> line.get("event").asText().equals("call"))
                .extracting(line -> line.get("site").asText())
                .as("class of the branch of a stack check")
                .startsWith("emulated");
        assertThat(last(lines).get("lost").asInt()).isZero();
        assertThat(last(lines).get("targetExit").asInt()).isEqualTo(3);
    }

    private static String call(int n) {
        return "1main.add[{\"name\":\"n\",\"type\":\"int\",\"value\":" + n
                + "},{\"name\":\"s\",\"type\":\"string\",\"value\":\"héllo\"}]";
    }

    @Tag("fast")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void printsTextForPeople(String backend) throws Exception {
        // In a file of its own, because what the program prints may come between a call and its return.
        Path file = directory.resolve("trace");
        run(
                "--backend",
                backend,
                "--max-bytes",
                "3",
                "--output",
                file.toString(),
                "--function",
                "main.add",
                program.toString(),
                "calls");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .matches(
                        "\\d\\d:\\d\\d:\\d\\d\\.\\d{6} g1 +main\\.add\\(n=0, s=\"hé\"…\\(6 bytes\\)\\) = 6 <[0-9.]+ [nµm]?s>");
        assertThat(lines.get(3))
                .isEqualTo("--- 3 calls, 3 returns, 0 without return, 0 events lost; the program exited with code 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-returns", "--collect=arguments"})
    void leavesReturnsOutWhenNobodyWantsThem(String option) throws Exception {
        Path file = directory.resolve("trace.json");
        Ended ended = run(
                option,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "main.add",
                program.toString(),
                "calls");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(file));
        assertThat(lines)
                .extracting(line -> line.get("event").asText())
                .containsExactly("call", "call", "call", "summary");
    }

    private static List<JsonNode> totals(List<JsonNode> lines) {
        assertThat(lines.subList(0, lines.size() - 1))
                .allMatch(line -> line.get("event").asText().equals("total"));
        return lines.subList(0, lines.size() - 1);
    }

    /** Runs to the end what is to be well. */
    private Ended collect(String backend, String collect, Path file, String functions, String argument)
            throws Exception {
        Ended ended = run(
                "--backend",
                backend,
                "--collect",
                collect,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                functions,
                program.toString(),
                argument);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        return ended;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "inline"})
    void countsCalls(String backend) throws Exception {
        Path file = directory.resolve("trace.json");
        collect(backend, "count", file, "^main\\.(add|outer|crash)$", "calls");
        List<String> lines = Files.readAllLines(file);
        TraceSchema.trace(lines);
        assertThat(lines)
                .containsExactly(
                        "{\"event\":\"total\",\"function\":\"main.add\",\"calls\":3}",
                        "{\"event\":\"total\",\"function\":\"main.outer\",\"calls\":1}",
                        "{\"event\":\"summary\",\"calls\":4,\"returns\":0,\"noReturns\":0,\"unpairedReturns\":0,\"lost\":0,\"targetExit\":3}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "inline"})
    void collectsNothingIfThatIsWanted(String backend) throws Exception {
        Path file = directory.resolve("trace");
        assertThat(run(
                                "--backend",
                                backend,
                                "--collect",
                                "nothing",
                                "--output",
                                file.toString(),
                                "--function",
                                "main.add",
                                program.toString(),
                                "calls")
                        .exitCode())
                .isZero();
        assertThat(file).hasContent("--- nothing was collected; the program exited with code 3");
        collect(backend, "nothing", file, "main.add", "calls");
        List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(file));
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0).get("calls").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "inline"})
    void durationsAreThoseThatTheProgramItselfMeasures(String backend) throws Exception {
        Path file = directory.resolve("trace.json");
        Ended ended = collect(backend, "durations", file, "main.nap$", "naps");
        JsonNode total = totals(TraceSchema.trace(Files.readAllLines(file))).get(0);
        long itself = Long.parseLong(ended.text().strip());
        assertThat(total.get("calls").asInt()).isEqualTo(20);
        assertThat(total.get("durationNs").get("count").asInt()).isEqualTo(20);
        assertThat(total.get("durationNs").get("sum").asLong()).isBetween(itself / 2, itself);
        assertThat(total.get("durationNs").get("min").asLong())
                .as("a nap takes as long as it was asked to")
                .isGreaterThan(10_000_000);
    }

    @ParameterizedTest
    @CsvSource({"ebpf, count", "ebpf, durations", "inline, count", "inline, durations"})
    void collectsFromARunningProcess(String backend, String collect) throws Exception {
        Process server = serve();
        Ended ended = run(
                "--backend",
                backend,
                "--collect",
                collect,
                "--format",
                "json",
                "--duration",
                "300ms",
                "--function",
                "main.add",
                "--function",
                "main.serve",
                "--pid",
                Long.toString(server.pid()));
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        List<JsonNode> totals = totals(TraceSchema.trace(ended.text().lines().toList()));
        assertThat(totals)
                .singleElement()
                .extracting(total -> total.get("function").asText())
                .isEqualTo("main.add");
        assertThat(totals.get(0).get("calls").asLong()).isPositive();
        assertServesOn(server);
    }

    @ParameterizedTest
    @CsvSource({
        "ebpf, count, INT, 130",
        "ebpf, durations, TERM, 143",
        "inline, count, TERM, 143",
        "inline, durations, INT, 130"
    })
    void anInterruptionShowsWhatWasCollected(String backend, String collect, String name, int exitCode)
            throws Exception {
        Path file = directory.resolve("trace");
        Process trace = start(command(
                "--backend",
                backend,
                "--collect",
                collect,
                "--output",
                file.toString(),
                "--function",
                "main.(add|outer|crash)$",
                program.toString(),
                "calls, then waits"));
        assertThat(trace.getInputStream().readNBytes(6)).asString().isEqualTo("ready\n");
        signal(trace, name);
        Ended ended = end(trace);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(exitCode);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(collect.equals("count") ? 5 : 6);
        assertThat(lines.get(0)).startsWith("function    calls");
        assertThat(lines.subList(1, 3))
                .anyMatch(line -> line.startsWith("main.add        3"))
                .anyMatch(line -> line.startsWith("main.outer      1"));
        assertThat(lines.get(lines.size() - 2)).isEqualTo("… 1 more function was not called");
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("--- 4 calls, " + (collect.equals("count") ? 0 : 4)
                        + " returns, 0 without return, 0 events lost; the program was killed by SIG" + name);
    }

    @ParameterizedTest
    @CsvSource({"ebpf, 200000", "inline, 600000"})
    void callsBeyondThoseThatCanBeOpenHaveNoDuration(String backend, int depth) throws Exception {
        Path file = directory.resolve("trace.json");
        Process trace = start(command(
                "--backend",
                backend,
                "--collect",
                "durations",
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "main.probed$",
                GoToolchains.NEWEST.program("recursive").path().toString(),
                "-depth",
                Integer.toString(depth)));
        trace.getOutputStream().write(("burst 1 " + depth + "\n").getBytes(StandardCharsets.US_ASCII));
        trace.getOutputStream().close();
        Ended ended = end(trace);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        JsonNode total = totals(TraceSchema.trace(Files.readAllLines(file))).get(0);
        assertThat(total.get("calls").asInt()).isEqualTo(depth);
        int lost = total.get("lost").asInt();
        assertThat(lost).isBetween(1, depth - 1);
        assertThat(total.get("noReturns").asInt()).as("none but the lost").isEqualTo(lost);
        assertThat(total.get("returns").asInt()).isEqualTo(depth - lost);
        assertThat(total.get("unpairedReturns").asInt()).as("all return").isEqualTo(lost);
        assertThat(ended.errors().lines())
                .singleElement()
                .asString()
                .contains(total.get("lost").asText() + " calls have no duration");
    }

    @Test
    void leavesOutReturnsThatAreSteppedAndSaysWhose() throws Exception {
        Path file = directory.resolve("trace.json");
        Ended ended = run(
                "--returns",
                "emulated",
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "main.add",
                program.toString(),
                "calls");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.errors())
                .contains("main.add returns by an instruction that the kernel steps over; its returns are not shown");
        List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(file));
        assertThat(lines)
                .extracting(line -> line.get("event").asText())
                .containsExactly("call", "call", "call", "summary");
        assertThat(last(lines).get("noReturns").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"some, ebpf, there are all and emulated", "emulated, ptrace, --backend ebpf"})
    void refusesReturnsThatThereAreNot(String returns, String backend, String why) throws Exception {
        Ended ended =
                run("--returns", returns, "--backend", backend, "--function", "main.add", program.toString(), "calls");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains(why);
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
        Ended ended = run(
                "--function",
                "^main.main$",
                "--output",
                directory.resolve("trace").toString(),
                program.toString(),
                "arguments",
                "--format",
                "xml",
                "-h",
                "@file",
                "a b",
                "",
                "ü",
                "--");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text()).isEqualTo("[\"--format\" \"xml\" \"-h\" \"@file\" \"a b\" \"\" \"ü\" \"--\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void followsARunningProcessUntilItHasSeenEnough(String backend) throws Exception {
        Process server = serve();
        Ended ended = run(
                "--backend",
                backend,
                "--format",
                "json",
                "--limit",
                "5",
                "--function",
                "main.add",
                "--pid",
                Long.toString(server.pid()));
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.errors()).isEmpty();
        JsonNode summary = last(TraceSchema.trace(ended.text().lines().toList()));
        assertThat(summary.get("calls").asInt()).isEqualTo(5);
        assertThat(summary.get("noReturns").asInt()).isZero();
        assertThat(summary.get("targetExit").isNull()).isTrue();
        assertServesOn(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void followsARunningProcessForATime(String backend) throws Exception {
        Process server = serve();
        Ended ended = run(
                "--backend",
                backend,
                "--format",
                "json",
                "--duration",
                "300ms",
                "--function",
                "main.add",
                "--pid",
                Long.toString(server.pid()));
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(last(TraceSchema.trace(ended.text().lines().toList()))
                        .get("calls")
                        .asInt())
                .isPositive();
        assertServesOn(server);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The program ends while it is traced",
            promise = "the trace ends with it, and says how it ended as far as its tracer can know")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void followsARunningProcessToItsEnd(String backend) throws Exception {
        Process server = serve();
        Process trace = start(command(
                "--backend",
                backend,
                "--format",
                "json",
                "--function",
                "main.add",
                "--pid",
                Long.toString(server.pid())));
        BufferedReader out = new BufferedReader(new InputStreamReader(trace.getInputStream(), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>(List.of(out.readLine()));
        assertServesOn(server);
        out.lines().forEach(lines::add);
        assertThat(trace.waitFor()).isZero();
        TraceSchema.trace(lines);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "`--limit` is reached",
            promise = "the program runs on to its end, untraced, and is waited for")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void aLaunchedProgramRunsOnAfterTheLimit(String backend) throws Exception {
        Path file = directory.resolve("trace.json");
        Process trace = start(command(
                "--backend",
                backend,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--limit",
                "2",
                "--function",
                "main.add",
                program.toString(),
                "serve"));
        await("both calls and their returns", () -> written(file).size() == 4);
        trace.getOutputStream().close();
        Ended ended = end(trace);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text()).isEqualTo("ready\nserved true\n");
        JsonNode summary = last(TraceSchema.trace(Files.readAllLines(file)));
        assertThat(summary.get("calls").asInt()).isEqualTo(2);
        assertThat(summary.get("targetExit").asInt()).isZero();
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "A signal interrupts the command",
            promise = "a launched program is interrupted too, and the summary is written")
    @ParameterizedTest
    @CsvSource({"ebpf, INT, 130", "ptrace, HUP, 129", "inline, INT, 130", "ebpf-patched, TERM, 143"})
    void anInterruptionEndsTheLaunchedProgramToo(String backend, String name, int exitCode) throws Exception {
        Path file = directory.resolve("trace.json");
        Process trace = start(command(
                "--backend",
                backend,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "main.add",
                program.toString(),
                "serve"));
        await("a call", () -> !written(file).isEmpty());
        signal(trace, name);
        Ended ended = end(trace);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(exitCode);
        assertThat(ended.errors()).isEmpty();
        assertThat(last(TraceSchema.trace(Files.readAllLines(file)))
                        .get("targetExit")
                        .asText())
                .isEqualTo("SIG" + name);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The program does not heed the interruption",
            promise = "a second one kills it")
    @Test
    void aSecondInterruptionKillsAStubbornProgram() throws Exception {
        Path file = directory.resolve("trace.json");
        Process trace = start(command(
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "main.add",
                program.toString(),
                "stubborn"));
        await("a call", () -> !written(file).isEmpty());
        signal(trace, "INT");
        await(
                "detached",
                () -> Files.readString(file).lines().anyMatch(line -> line.contains("main.add"))
                        && programs().size() == 1
                        && !TraceProcess.isProbing(trace, programs().get(0).pid()));
        signal(trace, "INT");
        assertThat(end(trace).exitCode()).isEqualTo(130);
        assertThat(last(TraceSchema.trace(Files.readAllLines(file)))
                        .get("targetExit")
                        .asText())
                .isEqualTo("SIGKILL");
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "A signal interrupts the command, the process was running before",
            promise = "the process runs on")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void anInterruptionLeavesARunningProcessAlone(String backend) throws Exception {
        Process server = serve();
        Path file = directory.resolve("trace.json");
        Process trace = start(command(
                "--backend",
                backend,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                "main.add",
                "--pid",
                Long.toString(server.pid())));
        await("a call", () -> !written(file).isEmpty());
        signal(trace, "INT");
        Ended ended = end(trace);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(130);
        assertThat(last(TraceSchema.trace(Files.readAllLines(file)))
                        .get("targetExit")
                        .isNull())
                .isTrue();
        assertServesOn(server);
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "Whoever reads the trace leaves",
            promise = "tracing ends, nothing is left attached")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void endsQuietlyWhenNobodyReadsOn(String backend) throws Exception {
        Process server = serve();
        Process trace =
                start(command("--backend", backend, "--function", "main.add", "--pid", Long.toString(server.pid())));
        assertThat(trace.getInputStream().readNBytes(20)).hasSize(20);
        trace.getInputStream().close();
        assertThat(trace.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(trace.exitValue()).isZero();
        assertThat(said(Files.readString(directory.resolve("err")))).isEmpty();
        assertServesOn(server);
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "The trace cannot be written: a full disk, no such directory",
            promise = "one line, exit code 1, and the program is let go")
    @ParameterizedTest
    @CsvSource({
        "ebpf, /dev/full, No space left on device",
        "ptrace, /dev/full, No space left on device",
        "inline, /dev/full, No space left on device",
        "ebpf-patched, /nowhere/file, No such file",
        "ebpf, /nowhere/file, No such file"
    })
    void saysWhenTheOutputCannotBeWritten(String backend, String file, String why) throws Exception {
        Process server = serve();
        Ended ended = run(
                "--backend", backend, "--output", file, "--function", "main.add", "--pid", Long.toString(server.pid()));
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(1);
        assertThat(said(ended.errors())).singleElement().asString().contains(file, why);
        assertServesOn(server);
    }

    /** Without the line of those that put jumps into the program. */
    private static List<String> said(String errors) {
        return errors.lines()
                .filter(line -> !line.matches("tracetoll: process [0-9]+ stood still for .* jumps? w.* put into it"))
                .toList();
    }

    /** More events than the queue and the ring buffer have room for. */
    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "Whoever reads the trace sleeps",
            promise = "the program is not held up, and what is left out is counted as lost")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void aReaderWhoSleepsHoldsUpNoProgramAndWhatIsLostIsCounted(String backend) throws Exception {
        int calls = 120_000;
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        List<String> words = command(
                "--backend",
                backend,
                "--format",
                "json",
                "--output",
                fifo.toString(),
                "--function",
                "^main\\.add$",
                program.toString(),
                "busy",
                Integer.toString(calls));
        if (backend.startsWith("ebpf")) {
            // As ptrace has none, it takes as many events to fill what is behind it.
            words.addAll(words.indexOf("--format"), List.of("--ring-size", "64k"));
        }
        Process trace = start(words);
        try (BufferedReader reader = Files.newBufferedReader(fifo)) {
            assertThat(trace.getInputStream().readNBytes(7))
                    .as("the program has ended before anything was read")
                    .asString()
                    .isEqualTo("called\n");
            Map<String, Long> written = new HashMap<>();
            String last = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                written.merge(line.substring(line.indexOf(':') + 2, line.indexOf(',') - 1), 1L, Long::sum);
                last = line;
            }
            JsonNode summary = TraceSchema.line(last);
            for (String event : List.of("call", "return", "noReturn", "unpairedReturn")) {
                assertThat(summary.get(event + "s").asLong()).as(event).isEqualTo(written.getOrDefault(event, 0L));
            }
            assertThat(summary.get("lost").asLong()).isPositive();
            // Where the record of a call found no room and that of its return did, the return is seen without its call.
            assertThat(TraceSchema.seen(summary) + summary.get("lost").asLong())
                    .as("expected = seen + lost: %s", summary)
                    .isEqualTo(2L * calls);
        }
        Ended ended = end(trace);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.errors().lines()).singleElement().asString().contains(" events were lost");
    }

    /** As a debugger, a freezer of containers or Ctrl-Z does it: the program goes on, and what finds no room meanwhile is counted. */
    @ParameterizedTest
    @ValueSource(strings = {"adaptive", "each"})
    void whatComesWhileTheReaderIsStoppedIsSeenOrCountedAsLost(String wakeup) throws Exception {
        int calls = 400_000;
        Path events = directory.resolve("events");
        Process trace = start(command(
                "--ring-size",
                "4k",
                "--wakeup",
                wakeup,
                "--no-returns",
                "--format",
                "json",
                "--output",
                events.toString(),
                "--function",
                "^main\\.add$",
                program.toString(),
                "busy",
                Integer.toString(calls)));
        TraceProcess.await("an event", () -> Files.exists(events) && Files.size(events) > 0);
        TraceProcess.signal(trace.pid(), SIGSTOP);
        try {
            Thread.sleep(200);
        } finally {
            TraceProcess.signal(trace.pid(), SIGCONT);
        }

        Ended ended = end(trace);

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        try (Stream<String> lines = Files.lines(events)) {
            JsonNode summary =
                    TraceSchema.line(lines.reduce((before, last) -> last).orElseThrow());
            assertThat(summary.get("lost").asLong()).isPositive();
            assertThat(summary.get("calls").asLong() + summary.get("lost").asLong())
                    .isEqualTo(calls);
        }
    }

    @Test
    void aRingBufferThatIsTooSmallSaysWhichWouldHaveDone() throws Exception {
        int calls = 100_000;
        long needed = 0;
        for (String size : List.of("4k", "64m")) {
            Path events = directory.resolve("events of " + size);
            Ended ended = end(start(command(
                    "--ring-size",
                    size,
                    "--no-returns",
                    "--format",
                    "json",
                    "--output",
                    events.toString(),
                    "--function",
                    "^main\\.add$",
                    program.toString(),
                    "busy",
                    Integer.toString(calls))));
            assertThat(ended.exitCode()).as(ended.errors()).isZero();
            List<String> lines = Files.readAllLines(events);
            JsonNode summary = TraceSchema.line(lines.get(lines.size() - 1));
            assertThat(summary.get("calls").asLong() + summary.get("lost").asLong())
                    .isEqualTo(calls);
            if (size.equals("4k")) {
                assertThat(summary.get("lost").asLong()).isPositive();
                needed = summary.get("sufficientRingBytes").asLong();
                assertThat(ended.errors()).contains("use --ring-size " + ByteSize.typed(needed));
            } else {
                assertThat(summary.get("lost").asLong()).isZero();
                assertThat(summary.has("sufficientRingBytes")).isFalse();
                assertThat(ended.errors()).isEmpty();
            }
        }
        assertThat(needed).as("a power of two").isEqualTo(Long.highestOneBit(needed));
        // Each takes from 40 bytes on.
        assertThat(needed).isBetween(8L << 10, 16L << 20);
    }

    private Process serveBusily() throws Exception {
        Process server = new ProcessBuilder(program.toString(), "busy until told")
                .redirectErrorStream(true)
                .start();
        started.add(server);
        assertThat(server.getInputStream().readNBytes(6)).asString().isEqualTo("ready\n");
        return server;
    }

    /** Traces it onto a pipe that is full before it starts: however slow the machine, it writes nothing before somebody reads. */
    private Process traceUnread(Process server, Path fifo, String backend, String... more) throws Exception {
        Process trace = new ProcessBuilder(tracing(server, backend, more))
                .redirectOutput(fifo.toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        started.add(trace);
        await("attached", () -> isTraced(server, trace));
        return trace;
    }

    private static List<String> tracing(Process server, String backend, String... more) {
        List<String> command =
                command("--backend", backend, "--function", "^main\\.add$", "--pid", Long.toString(server.pid()));
        command.addAll(List.of(more));
        return command;
    }

    private void awaitDetached(Process server, Process trace) throws Exception {
        try {
            await("detached though nobody reads", () -> !isTraced(server, trace));
        } catch (AssertionError e) {
            throw new AssertionError("the command says: " + Files.readString(directory.resolve("err")), e);
        }
    }

    private static boolean isTraced(Process process, Process trace) throws IOException {
        return TraceProcess.isProbing(trace, process.pid())
                || TraceProcess.hasJumps(process.pid())
                || TaskStatus.of((int) process.pid())
                        .filter(task -> task.tracer() != 0)
                        .isPresent();
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "Nobody reads, and two signals come",
            promise = "the first detaches, the second ends the command")
    @ParameterizedTest
    @CsvSource({"ebpf, HUP, 129", "ptrace, INT, 130", "inline, TERM, 143", "ebpf-patched, INT, 130"})
    @SuppressWarnings("try") // Held open, not read.
    void aSecondSignalEndsItThoughNobodyReads(String backend, String name, int exitCode) throws Exception {
        Process server = serveBusily();
        Path fifo = directory.resolve("fifo");
        try (InputStream unread = fullPipe(fifo)) {
            Process trace = traceUnread(server, fifo, backend);
            signal(trace, name);
            awaitDetached(server, trace);
            assertThat(trace.isAlive()).as("it waits for the reader").isTrue();
            signal(trace, name);
            assertThat(trace.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(trace.exitValue()).isEqualTo(exitCode);
            assertServesOn(server);
        }
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "Nobody reads, and `--duration` is over",
            promise = "tracing ends on time")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void theTimeIsUpThoughNobodyReads(String backend) throws Exception {
        Process server = serveBusily();
        Path fifo = directory.resolve("fifo");
        try (InputStream reader = fullPipe(fifo)) {
            Process trace = traceUnread(server, fifo, backend, "--duration", "2s");
            awaitDetached(server, trace);
            assertServesOn(server);
            assertThat(trace.isAlive()).as("it waits for the reader").isTrue();
            String text = new String(reader.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text.lines().reduce((first, second) -> second).orElseThrow())
                    .as(
                            "written once somebody reads, by a command that said: %s",
                            Files.readString(directory.resolve("err")))
                    .startsWith("--- ");
            assertThat(trace.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(trace.exitValue())
                    .as(Files.readString(directory.resolve("err")))
                    .isZero();
        }
    }

    /** Makes a pipe with a name and fills it; whoever opens it for writing then waits at the first byte. */
    @SuppressWarnings("try") // Held open, not used.
    private static InputStream fullPipe(Path name) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", name.toString()).start().waitFor())
                .isZero();
        // Opened for both, as either alone would wait for the other; what is in it stays while somebody may read.
        try (RandomAccessFile both = new RandomAccessFile(name.toFile(), "rw")) {
            assertThat(new ProcessBuilder("dd", "if=/dev/zero", "of=" + name, "bs=1", "oflag=nonblock")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor())
                    .as("there is no more room")
                    .isPositive();
            return Files.newInputStream(name);
        }
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "The program writes to where the trace goes",
            promise = "lines never mix")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void linesOfTheTraceAndOfTheProgramNeverMix(String backend) throws Exception {
        Ended ended = run("--backend", backend, "--function", "^main\\.add$", program.toString(), "prints");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text().lines())
                .allMatch(
                        line -> line.equals("a line of the program's own")
                                || line.startsWith("--- 2000 calls, ")
                                || line.matches(
                                        "\\d\\d:\\d\\d:\\d\\d\\.\\d{6} g1 +main\\.add\\((…|n=\\d+, s=\"x\")\\)( = \\d+ <[^>]+>)?"));
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "`--output` is the program itself or another executable file",
            promise = "it is refused before it is opened")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theProgramIsNotWrittenOver(boolean runs) throws Exception {
        byte[] before = Files.readAllBytes(program);
        Path output = Files.createLink(built.resolve("link" + runs), program);
        List<String> whom =
                runs ? List.of("--pid", Long.toString(serve().pid())) : List.of(program.toString(), "nothing");
        // Some of which cannot be traced, which is not said any more.
        List<String> command = command("--output", output.toString(), "--function", "^main\\.");
        command.addAll(whom);
        refused(end(start(command)), 2, "--output " + output, "is the program that is to be traced");
        assertThat(program).hasBinaryContent(before);
    }

    @Test
    void aFileThatNothingWasWrittenToIsNotLeft() throws Exception {
        Path notExecutable = Files.copy(program, directory.resolve("copy"));
        Files.setPosixFilePermissions(notExecutable, PosixFilePermissions.fromString("rw-r--r--"));
        refused(
                run(
                        "--output",
                        directory.resolve("trace").toString(),
                        "--function",
                        "main.add",
                        notExecutable.toString()),
                2,
                "not executable");
        assertThat(directory.resolve("trace")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void aProgramThatMakesNoCallHasItsSummary(String backend) throws Exception {
        Ended ended =
                run("--backend", backend, "--format", "json", "--function", "main.add", program.toString(), "nothing");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text())
                .isEqualToIgnoringNewLines(
                        "{\"event\":\"summary\",\"calls\":0,\"returns\":0,\"noReturns\":0,\"unpairedReturns\":0,\"lost\":0,\"targetExit\":7}");
    }

    /** While the kernel gives the memory of a program back, it still looks alive, with another memory than before: none. */
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void aProgramThatTakesLongToEndHasEnded(String backend) throws Exception {
        Ended ended = run(
                "--backend",
                backend,
                "--format",
                "json",
                "--function",
                "^main\\.add$",
                program.toString(),
                "much memory");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.text())
                .endsWith(
                        "{\"event\":\"summary\",\"calls\":1,\"returns\":1,\"noReturns\":0,\"unpairedReturns\":0,\"lost\":0,\"targetExit\":0}\n");
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The program crashes",
            promise = "as without a tracer; the trace says by which signal or exit code")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void saysThatTheProgramCrashed(String backend) throws Exception {
        Ended ended =
                run("--backend", backend, "--format", "json", "--function", "main.crash", program.toString(), "crash");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        List<JsonNode> lines = TraceSchema.trace(ended.text().lines().toList());
        assertThat(lines).extracting(line -> line.get("event").asText()).containsExactly("call", "noReturn", "summary");
        assertThat(lines.get(1).get("why").asText()).isEqualTo("exit");
        assertThat(lines.get(2).get("targetExit").asText()).isEqualTo("SIGSEGV");
    }

    @Test
    void namesTheFunctionsThatCannotBeTracedAndTracesTheRest() throws Exception {
        Ended ended = run(
                "--function",
                "^main\\.",
                "--function",
                "^runtime\\.e?text$",
                "--output",
                directory.resolve("trace").toString(),
                program.toString(),
                "calls");
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        List<String> refusals = new String(ended.err(), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("tracetoll: "))
                .toList();
        assertThat(refusals)
                .anyMatch(line -> line.contains("Function runtime.text ") && line.contains("it has no code"))
                .anyMatch(line -> line.contains("Function main.inlined ") && line.contains("only inlined"))
                .noneMatch(line -> line.contains("Function main.add "));
        assertThat(Files.readString(directory.resolve("trace"))).contains("main.add(n=0");
    }

    /** The program is waited for all the same. */
    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The process executes another program",
            promise = "tracing ends there, and one line says so")
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "inline", "ptrace"})
    void saysWhereTracingEndsBecauseTheProgramExecutesAnother(String backend) throws Exception {
        Path file = directory.resolve("trace");
        List<String> words = new ArrayList<>(List.of(
                "--backend",
                backend,
                "--output",
                file.toString(),
                "--function",
                "^main\\.(step|execute)$",
                GoProgram.build("executing", built).toString(),
                "other",
                "1"));
        if (backend.equals("inline")) {
            // Else eBPF sees the slices that main.execute takes, and the execution.
            words.add(0, "--no-fallback");
        }
        Ended ended = run(words.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(said(ended.errors()))
                .singleElement()
                .asString()
                .matches(
                        backend.equals("inline")
                                ? "tracetoll: process [0-9]+ has executed a program since, in which there are no jumps of this tracer; tracing ended there"
                                : "tracetoll: process [0-9]+ now runs /bin/echo, none of whose functions are probed; tracing ended there");
        assertThat(ended.text()).isEqualTo("done\n");
        assertThat(Files.readAllLines(file))
                .last()
                .isEqualTo("--- 2 calls, 1 return, 1 without return, 0 events lost; the program exited with code 0");
    }

    @Test
    void namesTheFloatsThatNoCallShowsBeforeItTraces() throws Exception {
        String urgent = GoProgram.build("urgent", built).toString();
        Ended ended = run("--function", "^main\\.(half|twice)$", "--limit", "1", urgent, "unaware");
        assertThat(ended.errors())
                .isEqualTo(
                        "tracetoll: Argument f of main.twice cannot be read under eBPF: addsd xmm0, xmm0, the instruction under "
                                + "the probe, changes its register before; --backend ptrace shows it\n");
        assertThat(run("--backend", "ptrace", "--function", "^main\\.twice$", urgent, "unaware")
                        .errors())
                .isEmpty();
        assertThat(run("--collect", "count", "--function", "^main\\.twice$", urgent, "unaware")
                        .errors())
                .isEmpty();
    }

    private void refused(Ended ended, int exitCode, String... words) {
        assertThat(ended.errors().lines()).as("one line on stderr").hasSize(1);
        assertThat(ended.errors()).contains(words);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(exitCode);
        assertThat(ended.out()).isEmpty();
    }

    private void refused(int exitCode, List<String> words, String... arguments) throws Exception {
        refused(run(arguments), exitCode, words.toArray(String[]::new));
    }

    @Test
    void refusesWrongUsage() throws Exception {
        String file = program.toString();
        refused(2, List.of("PROGRAM", "--pid"), "--function", "main.add");
        refused(2, List.of("not both"), "--function", "main.add", "--pid", "1", file);
        refused(
                2,
                List.of("--kill-on-exit is for a PROGRAM"),
                "--kill-on-exit",
                "--function",
                "main.add",
                "--pid",
                "1");
        refused(2, List.of("--function"), file);
        refused(2, List.of("magic", "ebpf", "ptrace"), "--backend", "magic", "--function", "main.add", file);
        refused(2, List.of("xml"), "--format", "xml", "--function", "main.add", file);
        refused(2, List.of("--limit"), "--limit", "0", "--function", "main.add", file);
        refused(2, List.of("--depth"), "--depth", "-1", "--function", "main.add", file);
        refused(2, List.of("--max-bytes"), "--max-bytes", "-1", "--function", "main.add", file);
        for (String collect : List.of("nothing", "count", "durations")) {
            refused(
                    2,
                    List.of("--collect " + collect, "--no-returns"),
                    "--collect",
                    collect,
                    "--no-returns",
                    "--function",
                    "main.add",
                    file);
        }
        refused(
                2,
                List.of("--collect all", "--no-returns"),
                "--collect",
                "all",
                "--no-returns",
                "--function",
                "main.add",
                file);
        refused(2, List.of("everything"), "--collect", "everything", "--function", "main.add", file);
        refused(2, List.of("soon", "500ms"), "--duration", "soon", "--function", "main.add", file);
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "There is no such program, process or function",
            promise = "one line that says what to do")
    @Test
    void refusesWhatCannotBeFound() throws Exception {
        String file = program.toString();
        refused(2, List.of("'main.(add'", "not a regular expression"), "--function", "main.(add", file);
        refused(2, List.of("'^main\\.ad$'", "main.add"), "--function", "main.add", "--function", "^main\\.ad$", file);
        refused(2, List.of("main.inlined", "only inlined", "main.main"), "--function", "^main\\.inlined$", file);
        refused(
                2,
                List.of("nothing"),
                "--function",
                "main.add",
                directory.resolve("nothing").toString());
        refused(2, List.of("PATH"), "--function", "main.add", "no-such-program-anywhere");
        refused(2, List.of("not built by Go"), "--function", "main.add", "sh");
        refused(2, List.of("no process 999999999"), "--function", "main.add", "--pid", "999999999");
        refused(2, List.of("no process -3"), "--function", "main.add", "--pid=-3");
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "The process is no Go program",
            promise = "it is refused and not touched")
    @Test
    void refusesProcessesThatAreNotGo() throws Exception {
        Process cat = start(List.of("cat"));
        refused(2, List.of("not built by Go"), "--function", "main.add", "--pid", Long.toString(cat.pid()));
        assertThat(cat.isAlive()).isTrue();
    }
}
