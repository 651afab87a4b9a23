package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.TraceSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where calls are sampled, all are accounted for: seen, lost or left out; and what is chosen is seen whole. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class TraceSampleIT {

    private static final int GOROUTINES = 100;
    private static final int CALLS = 20;
    private static final int OF = 4;
    /** Of a goroutine: {@code outer}, twice {@code inner}, {@code panics}; and {@code deep}. */
    private static final int CALLS_OF_EACH = 4 * CALLS + CALLS + 1;

    private static final int PANICS_OF_EACH = CALLS / 2;
    private static final String FUNCTIONS = "^main\\.(outer|inner|panics|deep)$";

    @TempDir
    private static Path directory;

    private static Path program;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("sampled", directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "ptrace", "inline"})
    void ofAGoroutineThatIsChosenEveryCallIsSeen(String backend) throws Exception {
        List<JsonNode> lines = trace(backend, "goroutine", List.of());
        allIsAccountedFor(lines, "goroutine");
        Map<Long, Long> calls = callsOf(lines);
        assertThat(calls.size()).as("some of many goroutines").isBetween(1, GOROUTINES - 1);
        if (lines.get(lines.size() - 1).get("lost").asLong() == 0) {
            assertThat(calls.values()).allMatch(each -> each == CALLS_OF_EACH);
            whatIsChosenIsSeenToEnd(lines);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ebpf-patched", "ptrace"})
    void aCallThatIsChosenIsSeenToReturn(String backend) throws Exception {
        List<JsonNode> lines = trace(backend, "call", List.of());
        allIsAccountedFor(lines, "call");
        double all = GOROUTINES * (double) CALLS_OF_EACH;
        assertThat(calls(lines) / all).as("one of %s", OF).isBetween(0.9 / OF, 1.1 / OF);
        assertThat(callsOf(lines).size()).as("calls of nearly every goroutine").isGreaterThan(GOROUTINES / 2);
        if (lines.get(lines.size() - 1).get("lost").asLong() == 0) {
            whatIsChosenIsSeenToEnd(lines);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ebpf, goroutine",
        "ebpf, call",
        "ebpf-patched, goroutine",
        "ebpf-patched, call",
        "ptrace, goroutine",
        "inline, goroutine"
    })
    void totalsAreOfWhatIsChosen(String backend, String by) throws Exception {
        List<JsonNode> lines = trace(backend, by, List.of("--summary-only"));
        allIsAccountedFor(lines, by);
        assertThat(lines.get(lines.size() - 1).get("calls").asLong()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"ebpf, goroutine", "ebpf, call", "ptrace, call"})
    void withoutReturnsCallsAreChosenAsWell(String backend, String by) throws Exception {
        JsonNode summary = last(trace(backend, by, List.of("--no-returns")));
        assertThat(summary.get("calls").asLong()
                        + summary.get("lost").asLong()
                        + summary.get("sampled").get("leftOutCalls").asLong())
                .isEqualTo((long) GOROUTINES * CALLS_OF_EACH);
        assertThat(summary.get("sampled").get("leftOutReturns").asLong()).isZero();
    }

    @Test
    void aSampleOfAllIsAll() throws Exception {
        Path file = directory.resolve("all");
        ToolServer.Ended ended = ToolServer.run(
                List.of(
                        "trace",
                        "--sample",
                        "1/1",
                        "-o",
                        file.toString(),
                        "-f",
                        FUNCTIONS,
                        program.toString(),
                        "2",
                        "3"),
                directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(Files.readAllLines(file))
                .last()
                .asString()
                .contains("32 calls", ", 0 events left out (1 goroutine of 1 is shown)");
    }

    @Test
    void whatCannotBeSampledIsRefused() {
        refused("1/1000000", "--sample", "10");
        refused("1/1000000", "--sample", "1/0");
        refused("1/1000000", "--sample", "1/1000001");
        refused("thread", "--sample", "1/2", "--sample-by", "thread");
        refused("give that as well", "--sample-by", "call");
        refused("longer than to count", "--sample", "1/2", "--collect", "count");
        refused("longer than to count", "--sample", "1/2", "-c", "--no-returns");
        refused(
                "--sample-by call cannot be done by --backend inline",
                "--sample=1/2",
                "--sample-by=call",
                "-b",
                "inline");
    }

    private static void refused(String why, String... options) {
        List<String> words = new ArrayList<>(List.of("trace", "-f", FUNCTIONS));
        words.addAll(List.of(options));
        words.add(program.toString());
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(2);
        assertThat(ended.errors().lines().toList()).singleElement().asString().contains(why);
    }

    private static void allIsAccountedFor(List<JsonNode> lines, String by) {
        JsonNode summary = last(lines);
        JsonNode sampled = summary.get("sampled");
        assertThat(sampled.get("by").asText()).isEqualTo(by);
        assertThat(sampled.get("of").asInt()).isEqualTo(OF);
        assertThat(sampled.get("leftOutCalls").asLong()).isPositive();
        assertThat(sampled.get("leftOutReturns").asLong()).isPositive();
        assertThat(TraceSchema.seen(summary)
                        + summary.get("lost").asLong()
                        + sampled.get("leftOutCalls").asLong()
                        + sampled.get("leftOutReturns").asLong())
                .as("calls and returns: %s", summary)
                .isEqualTo((long) GOROUTINES * (2 * CALLS_OF_EACH - PANICS_OF_EACH));
    }

    private static void whatIsChosenIsSeenToEnd(List<JsonNode> lines) {
        assertThat(last(lines).get("unpairedReturns").asLong()).isZero();
        assertThat(lines)
                .filteredOn(line -> line.get("event").asText().equals("noReturn"))
                .allMatch(line -> line.get("function").asText().equals("main.panics"));
        Map<String, Long> returned = lines.stream()
                .filter(line -> line.get("event").asText().equals("return"))
                .collect(Collectors.groupingBy(line -> line.get("function").asText(), Collectors.counting()));
        Map<String, Long> called = lines.stream()
                .filter(line -> line.get("event").asText().equals("call"))
                .collect(Collectors.groupingBy(line -> line.get("function").asText(), Collectors.counting()));
        for (String function : List.of("main.outer", "main.inner", "main.deep")) {
            assertThat(returned.get(function)).as(function).isEqualTo(called.get(function));
        }
        assertThat(lines)
                .filteredOn(line -> line.get("event").asText().equals("return")
                        && line.get("function").asText().equals("main.inner"))
                .as("with the results of its own call")
                .allMatch(line -> line.get("results").get(0).get("value").asInt() > 0);
    }

    private static Map<Long, Long> callsOf(List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.get("event").asText().equals("call"))
                .collect(Collectors.groupingBy(line -> line.get("goroutine").asLong(), Collectors.counting()));
    }

    private static long calls(List<JsonNode> lines) {
        return last(lines).get("calls").asLong();
    }

    private static JsonNode last(List<JsonNode> lines) {
        return lines.get(lines.size() - 1);
    }

    private static List<JsonNode> trace(String backend, String by, List<String> more) throws Exception {
        Path file = Files.createTempFile(directory, "trace", ".json");
        List<String> words = new ArrayList<>(List.of(
                "trace",
                "--backend",
                backend,
                "--sample",
                "1/" + OF,
                "--sample-by",
                by,
                "--format",
                "json",
                "--output",
                file.toString(),
                "--function",
                FUNCTIONS));
        words.addAll(more);
        words.addAll(List.of(program.toString(), Integer.toString(GOROUTINES), Integer.toString(CALLS)));
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        return TraceSchema.trace(Files.readAllLines(file));
    }
}
