package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.TraceSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of functions, instead of their calls and beside them: whatever backend adds up, it says what the program knows of itself. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class TraceSummaryIT {

    private static final int TIMES = 30;
    private static final List<String> BACKENDS = List.of("ebpf", "ptrace", "inline", "ebpf-patched");
    private static final String FUNCTIONS = "^main\\.(parse|check|either|crowded|silent|panics|neverCalled)$";
    private static final String NO_ERROR = "none";

    @TempDir
    private static Path directory;

    private static Path program;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("failing", directory);
    }

    /** Each backend with what makes it add up in one place or the other. */
    static Stream<Arguments> ways() {
        return BACKENDS.stream()
                .flatMap(backend -> Stream.of(
                        Arguments.of(backend, List.of("-c")),
                        Arguments.of(backend, List.of("--collect", "durations")),
                        Arguments.of(backend, List.of("-c", "-n", "1000000")),
                        Arguments.of(backend, List.of("--summary"))));
    }

    private static String failures(int... of) {
        return Long.toString(LongStream.range(0, TIMES)
                .filter(n -> java.util.Arrays.stream(of).anyMatch(each -> n % each == 0))
                .count());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void errorsAreCounted(String backend, List<String> way) {
        List<JsonNode> lines = json(backend, way);
        Map<String, String> errors = new LinkedHashMap<>();
        lines.stream()
                .filter(TraceSummaryIT::isTotal)
                .forEach(total -> errors.put(
                        total.get("function").asText(),
                        total.get("errors").isNull()
                                ? NO_ERROR
                                : total.get("errors").asText()));
        assertThat(errors)
                .containsOnly(
                        Map.entry("main.parse", failures(3)),
                        Map.entry("main.check", failures(2)),
                        Map.entry("main.either", failures(2, 3)),
                        Map.entry("main.crowded", failures(5)),
                        Map.entry("main.silent", NO_ERROR),
                        // A call that panics returns nothing.
                        Map.entry(
                                "main.panics",
                                Long.toString(LongStream.range(0, TIMES)
                                        .filter(n -> n % 2 != 0 && n % 3 == 0)
                                        .count())));
        JsonNode summary = lines.get(lines.size() - 1);
        assertThat(summary.get("calls").asInt()).isEqualTo(6 * TIMES);
        assertThat(summary.get("noReturns").asInt()).isEqualTo(TIMES / 2);
        assertThat(summary.get("errors").asLong())
                .isEqualTo(errors.values().stream()
                        .filter(each -> !each.equals(NO_ERROR))
                        .mapToLong(Long::parseLong)
                        .sum());
        assertThat(lines.stream().anyMatch(line -> line.get("event").asText().equals("call")))
                .as("calls are shown beside the table alone")
                .isEqualTo(way.contains("--summary"));
        assertThat(lines.stream()
                        .filter(TraceSummaryIT::isTotal)
                        .map(total -> total.get("durationNs").get("sum").asLong())
                        .toList())
                .as("those that took most first")
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    /** Also of functions without errors, which are added up where the calls are by those that cannot see errors there. */
    @ParameterizedTest
    @FieldSource("BACKENDS")
    void theProgramHasItsResults(String backend) {
        ToolServer.Ended ended = ToolServer.run(
                List.of(
                        "trace",
                        "-c",
                        "--backend",
                        backend,
                        "--function",
                        "^main\\.(silent|several)$",
                        program.toString(),
                        Integer.toString(TIMES)),
                directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text().lines())
                .startsWith("done")
                .endsWith("--- 60 calls, 60 returns, 0 without return, 0 events lost; the program exited with code 0");
    }

    @ParameterizedTest
    @FieldSource("BACKENDS")
    void withoutReturnsCallsAreCounted(String backend) {
        for (List<String> way : List.of(List.of("-c", "--no-returns"), List.of("--collect", "count"))) {
            List<JsonNode> lines = json(backend, way);
            assertThat(lines.subList(0, lines.size() - 1))
                    .hasSize(6)
                    .allMatch(TraceSummaryIT::isTotal)
                    .allMatch(total -> total.get("calls").asInt() == TIMES && !total.has("errors"));
            assertThat(lines.get(lines.size() - 1).has("errors")).isFalse();
        }
    }

    @ParameterizedTest
    @FieldSource("BACKENDS")
    void theTableIsForPeople(String backend) {
        List<String> lines = trace(backend, List.of("-c"), List.of(), 0).lines().toList();
        assertThat(lines.get(0)).matches("function +calls +total +mean +p50 +p90 +p99 +max +errors");
        assertThat(lines.subList(1, 7))
                .anyMatch(line -> line.matches("main\\.silent +30 .* -"))
                .anyMatch(line -> line.matches("main\\.parse +30 .* 10"));
        assertThat(lines.subList(7, lines.size()))
                .containsExactly(
                        "p50, p90 and p99 are within 3.1 % of the durations, all else is exact",
                        "… 1 more function was not called",
                        "--- 180 calls, 165 returns, 15 without return, 0 events lost; the program exited with code 0");
    }

    /** The table has the calls that are shown, whatever came later. */
    @ParameterizedTest
    @FieldSource("BACKENDS")
    void aLimitHoldsForTheTable(String backend) {
        for (String way : List.of("-c", "-C")) {
            List<JsonNode> lines = json(backend, List.of(way, "-n", "7"));
            assertThat(lines.get(lines.size() - 1).get("calls").asInt()).isEqualTo(7);
            assertThat(lines.stream()
                            .filter(TraceSummaryIT::isTotal)
                            .mapToInt(total -> total.get("calls").asInt())
                            .sum())
                    .isEqualTo(7);
        }
    }

    @Test
    void shortOptionsAreTheLongOnes() {
        Path file = directory.resolve("short.txt");
        ToolServer.Ended ended = ToolServer.run(
                List.of(
                        "trace",
                        "-b",
                        "ptrace",
                        "-s4",
                        "-vCn",
                        "2",
                        "-d",
                        "1m",
                        "-o",
                        file.toString(),
                        "-f",
                        "^main\\.silent$",
                        program.toString(),
                        "30",
                        "-c"),
                directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.text()).as("what follows the program is its own").isEqualTo("done\n");
        assertThat(file)
                .content()
                .contains("main.silent(n=0)", "main.silent(n=1)", "function")
                .doesNotContain("n=2");
    }

    @Test
    void whatMakesNoTableIsRefused() {
        refused("--summary-only shows no calls", "-c", "-C");
        refused("--summary is beside the calls, and --collect count shows none", "-C", "--collect", "count");
        refused("--summary-only has nothing to show", "-c", "--collect", "nothing");
        refused("--collect nothing needs --backend ebpf", "-b", "ptrace", "--collect", "nothing");
        refused("--limit needs calls that are counted", "-n", "3", "--collect", "nothing");
        refused("--summary-only makes none", "-c", "--ring-size", "64k");
    }

    private static void refused(String why, String... options) {
        List<String> words = new ArrayList<>(List.of("trace", "-f", FUNCTIONS));
        words.addAll(List.of(options));
        words.add(program.toString());
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors().lines().toList()).singleElement().asString().contains(why);
    }

    private static boolean isTotal(JsonNode line) {
        return line.get("event").asText().equals("total");
    }

    private static List<JsonNode> json(String backend, List<String> way) {
        return TraceSchema.trace(trace(backend, way, List.of("--format", "json"), 0)
                .lines()
                .filter(line -> line.startsWith("{"))
                .collect(Collectors.toList()));
    }

    private static String trace(String backend, List<String> way, List<String> more, int exitCode) {
        List<String> words = new ArrayList<>(List.of("trace", "--backend", backend, "--function", FUNCTIONS));
        words.addAll(way);
        words.addAll(more);
        words.addAll(List.of(program.toString(), Integer.toString(TIMES)));
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(exitCode);
        return ended.text().replace("done\n", "");
    }
}
