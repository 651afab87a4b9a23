package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ProcessCode;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.testing.TraceSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --backend inline} cannot see is seen by eBPF in the same trace, and that is said. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class FallbackIT {

    private static final int TIMES = 30;
    private static final String FAILING = "^main\\.(parse|check|either|silent|panics)$";
    /** Of every five calls four are of functions that return errors. */
    private static final List<String> BY_EBPF = List.of("main.parse", "main.check", "main.either", "main.panics");

    private static final String ASSEMBLY = "^main\\.work$|assembly/asm\\.(Keeps|Points)";

    @TempDir
    private static Path directory;

    private static Path failing;
    private static Path assembly;

    @BeforeAll
    static void build() throws Exception {
        failing = GoProgram.build("failing", directory);
        assembly = GoRelease.NEWEST.build(directory, "assembly");
    }

    private record Run(ToolServer.Ended ended, List<JsonNode> lines) {

        JsonNode summary() {
            return lines.get(lines.size() - 1);
        }

        List<JsonNode> events(String event, String function) {
            return lines.stream()
                    .filter(line -> line.get("event").asText().equals(event)
                            && line.get("function").asText().equals(function))
                    .toList();
        }

        long seenElsewhere() {
            return lines.stream()
                    .filter(line ->
                            line.has("site") && !line.get("site").asText().equals("patched"))
                    .count();
        }
    }

    private static Run inline(List<String> options, Path program, String... arguments) throws IOException {
        Path file = Files.createTempFile(directory, "trace", ".json");
        List<String> words = new ArrayList<>(
                List.of("trace", "--backend", "inline", "--format", "json", "--output", file.toString()));
        words.addAll(options);
        words.add(program.toString());
        words.addAll(List.of(arguments));
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        return new Run(ended, TraceSchema.trace(Files.readAllLines(file)));
    }

    @Test
    void valuesThatAreNotFollowedAreReadByEbpf() throws Exception {
        Run run = inline(List.of("-f", FAILING), failing, Integer.toString(TIMES));

        for (String function : BY_EBPF) {
            assertThat(run.ended.errors()).contains("tracetoll: " + function + " is traced by eBPF, not inline: ");
            assertThat(run.events("call", function)).hasSize(TIMES).noneMatch(FallbackIT::isPatched);
        }
        assertThat(run.ended.errors()).doesNotContain("main.silent");
        assertThat(run.events("call", "main.silent")).hasSize(TIMES).allMatch(FallbackIT::isPatched);
        assertThat(run.events("return", "main.silent")).hasSize(TIMES).allMatch(FallbackIT::isPatched);
        assertThat(run.events("return", "main.check"))
                .filteredOn(line -> line.toString().contains("\"s\":\"a third of all\""))
                .hasSize(TIMES / 2);
        assertThat(run.events("noReturn", "main.panics"))
                .hasSize(TIMES / 2)
                .allMatch(line -> line.get("why").asText().equals("panic"));
        assertThat(run.lines).noneMatch(line -> line.toString().contains("does not follow"));
        assertOneStream(run.lines);
        assertThat(run.summary().get("fallback").get("backend").asText()).isEqualTo("ebpf");
        assertThat(run.summary().get("fallback").get("events").asLong())
                .isEqualTo(run.seenElsewhere())
                .isEqualTo(2L * BY_EBPF.size() * TIMES - TIMES / 2);
    }

    private static boolean isPatched(JsonNode event) {
        return event.get("site").asText().equals("patched");
    }

    /** One numbering, in the order of time within each goroutine, whoever saw what. */
    private static void assertOneStream(List<JsonNode> lines) {
        long id = 0;
        Map<Long, Long> latest = new HashMap<>();
        for (JsonNode line : lines) {
            if (line.get("event").asText().equals("call")) {
                assertThat(line.get("id").asLong()).isEqualTo(++id);
            }
            if (line.has("timestampNs")) {
                long ns = line.get("timestampNs").asLong();
                Long before = latest.put(line.get("goroutine").asLong(), ns);
                assertThat(before)
                        .as("%s", line)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                earlier -> assertThat(earlier).isLessThanOrEqualTo(ns));
            }
        }
        JsonNode summary = lines.get(lines.size() - 1);
        assertThat(summary.get("calls").asLong())
                .isEqualTo(id)
                .isEqualTo(summary.get("returns").asLong()
                        + summary.get("noReturns").asLong());
        assertThat(summary.get("lost").asLong()).isZero();
    }

    /** What a launched program has called from the first on is none of the program's that launched it. */
    @Test
    void callsFromTheBeginningOnLastUntilTheEnd() throws Exception {
        Run run = inline(List.of("-f", "^main\\.(main|check)$"), failing, Integer.toString(TIMES));

        assertThat(run.events("return", "main.main")).hasSize(1);
        assertThat(run.events("call", "main.check"))
                .hasSize(TIMES)
                .allMatch(line -> line.get("depth").asInt() == 1);
        assertOneStream(run.lines);
    }

    @Test
    void inTextTheLastLineSaysHowManyEventsEbpfSaw() {
        ToolServer.Ended ended = ToolServer.run(
                List.of("trace", "--backend", "inline", "-f", FAILING, failing.toString(), Integer.toString(TIMES)),
                directory);

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text())
                .contains("main.check(n=2) = *errors.errorString(&{s: \"a third of all\"})")
                .contains("0 events lost, 225 events seen by ebpf; the program exited with code 0");
    }

    @Test
    void assemblyIsSeenByEbpfAndItsCallerInline() throws Exception {
        Run run = inline(List.of("-f", ASSEMBLY), assembly);

        assertThat(run.ended.errors())
                .contains("tracetoll: tracetoll.dev/assembly/asm.Keeps.abi0 is traced by eBPF, not inline: "
                        + "it is written in assembly");
        assertThat(run.events("call", "tracetoll.dev/assembly/asm.Keeps.abi0"))
                .hasSize(400)
                .allMatch(line -> line.get("depth").asInt() == 1);
        assertThat(run.events("call", "main.work")).hasSize(40).allMatch(FallbackIT::isPatched);
        assertOneStream(run.lines);
    }

    @ParameterizedTest
    @CsvSource({"-c, 2", "--collect=count, 1"})
    void totalsOfBothAreInOneTable(String option, int eventsOfACall) throws Exception {
        Run run = inline(List.of(option, "-f", ASSEMBLY), assembly);

        Map<String, Long> calls = new HashMap<>();
        run.lines.stream()
                .filter(line -> line.get("event").asText().equals("total"))
                .forEach(line -> calls.put(
                        line.get("function").asText(), line.get("calls").asLong()));
        assertThat(calls)
                .isEqualTo(Map.of(
                        "main.work", 40L,
                        "tracetoll.dev/assembly/asm.Keeps.abi0", 400L,
                        "tracetoll.dev/assembly/asm.Points.abi0", 800L));
        assertThat(run.summary().get("calls").asLong()).isEqualTo(1240);
        assertThat(run.summary().get("fallback").get("events").asLong()).isEqualTo(1200L * eventsOfACall);
    }

    /** Errors are counted by whether they are nil, which needs nobody else. */
    @Test
    void totalsOfValuesThatAreNotReadNeedNoFallback() throws Exception {
        Run run = inline(List.of("-c", "-f", FAILING), failing, Integer.toString(TIMES));

        assertThat(run.ended.errors()).doesNotContain("eBPF");
        assertThat(run.summary().has("fallback")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 100})
    void limitsCountTheCallsOfBoth(long limit) throws Exception {
        Run run = inline(List.of("-f", FAILING, "--limit", Long.toString(limit)), failing, Integer.toString(TIMES));

        assertThat(run.summary().get("calls").asLong()).isEqualTo(limit);
        assertThat(run.summary().get("fallback").get("events").asLong()).isEqualTo(run.seenElsewhere());
        assertOneStream(run.lines);
    }

    @Test
    void bothChooseTheSameGoroutines() throws Exception {
        Run run = inline(List.of("-f", ASSEMBLY, "--sample", "1/4"), assembly);

        long chosen = run.events("call", "main.work").size();
        assertThat(chosen).isLessThan(40);
        assertThat(run.events("call", "tracetoll.dev/assembly/asm.Keeps.abi0"))
                .hasSize((int) chosen * 10)
                .allMatch(line -> line.get("depth").asInt() == 1);
        assertThat(run.summary().get("sampled").get("leftOutCalls").asLong()
                        + run.summary().get("calls").asLong())
                .isEqualTo(1240);
    }

    @Test
    void withoutFallbackWhatIsNotFollowedIsNotRead() throws Exception {
        Run run = inline(List.of("--no-fallback", "-f", FAILING), failing, Integer.toString(TIMES));

        assertThat(run.ended.errors()).doesNotContain("eBPF");
        assertThat(run.summary().has("fallback")).isFalse();
        assertThat(run.seenElsewhere()).isZero();
        assertThat(run.events("return", "main.check"))
                .filteredOn(line -> line.toString().contains("does not follow"))
                .hasSize(TIMES / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^main\\.(check|parse)$"})
    void aTraceByEbpfAloneIsRefused(String functions) {
        ToolServer.Ended ended = ToolServer.run(
                List.of("trace", "--backend", "inline", "-f", functions, failing.toString(), "1"), directory);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.text()).isEmpty();
        assertThat(ended.errors().lines().toList())
                .singleElement()
                .asString()
                .contains("nothing would be traced inline", "main.parse", "use --backend ebpf", "--no-fallback");
    }

    @Test
    void othersHaveNoFallback() {
        ToolServer.Ended ended =
                ToolServer.run(List.of("trace", "--no-fallback", "-f", FAILING, failing.toString(), "1"), directory);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("--no-fallback is about what --backend inline leaves to eBPF");
    }

    /** While one tracer is at work, and after it was killed or has ended by itself, the program is as it was. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT"})
    void aProcessIsTracedByBothAndLeftAsItWas(String signal) throws Exception {
        Process server = new ProcessBuilder(failing.toString(), "1000000000").start();
        try {
            String pid = Long.toString(server.pid());
            byte[] code = ProcessCode.read(failing, server.pid());
            Path file = directory.resolve("served-" + signal + ".json");
            Process tracer = new ProcessBuilder(ToolCommand.trace(List.of(
                            "--backend",
                            "inline",
                            "--format",
                            "json",
                            "--output",
                            file.toString(),
                            "-f",
                            FAILING,
                            "--pid",
                            pid)))
                    .redirectError(directory.resolve("errors").toFile())
                    .start();
            Surroundings.await(
                    "calls seen by both",
                    () -> Files.exists(file)
                            && Files.readString(file).contains("\"site\":\"patched\"")
                            && Files.readString(file).contains("main.check"));
            if (signal.equals("KILL")) {
                tracer.destroyForcibly().waitFor();
                ToolServer.Ended detached = ToolServer.run(List.of("detach", "--pid", pid), directory);
                assertThat(detached.exitCode()).as(detached.errors()).isZero();
            } else {
                assertThat(new ProcessBuilder("kill", "-INT", Long.toString(tracer.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                assertThat(tracer.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(tracer.exitValue()).isEqualTo(130);
                List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(file));
                assertOneStream(lines);
            }
            Surroundings.await(
                    "the code as before", () -> Arrays.equals(ProcessCode.read(failing, server.pid()), code));
            assertThat(server.isAlive()).isTrue();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }
}
