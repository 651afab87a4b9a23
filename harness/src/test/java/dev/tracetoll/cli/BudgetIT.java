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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A function that suddenly becomes much hotter is taken off, and the others are traced on. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class BudgetIT {

    private static final String FUNCTIONS = "^main\\.(hot|calm|waits)$";
    private static final String HOT = "main.hot";

    /** They would take minutes if each cost what it does under most techniques. */
    private static final long CALLS = 10_000_000;

    @TempDir
    private static Path directory;

    private static Path program;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("surging", directory);
    }

    @ParameterizedTest
    @CsvSource({"ebpf, 5%", "ebpf-patched, 1%", "ptrace, 5%", "inline, 0.5%", "inline --no-fallback, 0.5%"})
    void whatBecomesTooDearIsTakenOffAndAllElseIsTracedOn(String backend, String share) throws Exception {
        List<String> options = new ArrayList<>(List.of("--max-overhead", share, "--backend"));
        options.addAll(List.of(backend.split(" ")));
        Traced traced = trace(CALLS, options);
        JsonNode summary = traced.last();
        JsonNode off = takenOff(traced);
        long lost = summary.get("lost").asLong();
        assertThat(TraceSchema.seen(summary) + lost)
                .as("the rest was not traced: %s", summary)
                .isLessThan(CALLS);
        if (lost == 0) {
            assertThat(traced.count("call", "main.calm")).isEqualTo(traced.calm);
            assertThat(traced.count("return", "main.calm")).isEqualTo(traced.calm);
            assertThat(traced.count("return", "main.waits")).isEqualTo(1);
            assertThat(traced.count("call", HOT))
                    .isGreaterThanOrEqualTo(off.get("calls").asLong());
        }
        assertThat(traced.lines)
                .filteredOn(line -> line.get("event").asText().equals("noReturn"))
                .allMatch(line -> line.get("function").asText().equals(HOT)
                        && (lost > 0 || line.get("why").asText().equals("takenOff")));
    }

    @ParameterizedTest
    @CsvSource({
        "ebpf, -c",
        "ebpf, --collect=count",
        "ebpf-patched, -c",
        "ptrace, -c",
        "inline, -c",
        "inline, --collect=count"
    })
    void whatIsAddedUpWhereItHappensIsTakenOffAsWell(String backend, String collect) throws Exception {
        Traced traced = trace(CALLS, List.of("--backend", backend, collect));
        takenOff(traced);
        if (traced.last().get("lost").asLong() == 0) {
            assertThat(traced.total("main.calm")).isEqualTo(traced.calm);
        }
        assertThat(traced.total(HOT)).isLessThan(traced.hot);
    }

    @Test
    void whereNothingIsLeftTracingEnds() throws Exception {
        Traced traced = trace(CALLS, List.of("--function", HOT), HOT);
        takenOff(traced);
        assertThat(traced.errors).contains("nothing is left to trace");
    }

    @Test
    void whatStaysWithinTheBudgetIsLeftAlone() throws Exception {
        Traced traced = trace(1000, List.of("--max-overhead", "1000%", "--sample", "1/1"));
        JsonNode spending = traced.last().get("spending");
        assertThat(spending.get("takenOff")).isEmpty();
        assertThat(spending.get("mostOverhead").doubleValue()).isBetween(0.0, 10.0);
        assertThat(traced.count("call", HOT)).isEqualTo(traced.hot);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "0%", "-1%", "x%", "0.05"})
    void whatIsNoShareIsRefused(String share) {
        refused("is no share", "--max-overhead=" + share);
    }

    @Test
    void whatCountsNothingHasNoBudget() {
        refused("--max-overhead needs hits that are counted", "--max-overhead", "5%", "--collect", "nothing");
    }

    @Test
    void moreFunctionsThanCanHaveProbesOfTheirOwnAreRefused() {
        ToolServer.Ended ended = ToolServer.run(
                List.of(
                        "trace",
                        "--max-overhead",
                        "5%",
                        "-f",
                        "^main.probed",
                        Path.of("..", "targets", "target", "bin", "many")
                                .toAbsolutePath()
                                .toString()),
                directory);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(2);
        assertThat(ended.errors().lines().toList())
                .last()
                .asString()
                .contains("1000 at most, and 10000 match; choose fewer");
    }

    private static void refused(String why, String... options) {
        List<String> words = new ArrayList<>(List.of("trace", "-f", FUNCTIONS));
        words.addAll(List.of(options));
        words.add(program.toString());
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(2);
        assertThat(ended.errors().lines().toList()).singleElement().asString().contains(why);
    }

    /** The only one that was. */
    private static JsonNode takenOff(Traced traced) {
        JsonNode spending = traced.last().get("spending");
        assertThat(spending.get("takenOff")).as("%s", spending).hasSize(1);
        JsonNode off = spending.get("takenOff").get(0);
        assertThat(off.get("function").asText()).isEqualTo(HOT);
        assertThat(off.get("overhead").doubleValue())
                .isGreaterThan(spending.get("maxOverhead").doubleValue() / 2);
        assertThat(spending.get("mostOverhead").doubleValue())
                .isGreaterThan(spending.get("maxOverhead").doubleValue());
        assertThat(traced.errors).contains("to stay within --max-overhead, there is taken off main.hot (after ");
        return off;
    }

    /**
     * What was seen.
     *
     * @param hot how often the program has called it, as it says itself
     * @param calm the same
     */
    private record Traced(List<JsonNode> lines, String errors, long hot, long calm) {

        JsonNode last() {
            return lines.get(lines.size() - 1);
        }

        long count(String event, String function) {
            return lines.stream()
                    .filter(line -> line.get("event").asText().equals(event)
                            && line.get("function").asText().equals(function))
                    .count();
        }

        long total(String function) {
            return lines.stream()
                    .filter(line -> line.get("event").asText().equals("total")
                            && line.get("function").asText().equals(function))
                    .mapToLong(line -> line.get("calls").asLong())
                    .sum();
        }
    }

    private static Traced trace(long calls, List<String> options) throws Exception {
        return trace(calls, options, FUNCTIONS);
    }

    private static Traced trace(long calls, List<String> options, String functions) throws Exception {
        Path file = Files.createTempFile(directory, "trace", ".json");
        List<String> words = new ArrayList<>(List.of("trace", "--format", "json", "--output", file.toString()));
        words.addAll(options);
        if (!options.contains("--max-overhead")) {
            words.addAll(List.of("--max-overhead", "5%"));
        }
        if (!options.contains("--function")) {
            words.addAll(List.of("--function", functions));
        }
        words.addAll(List.of(program.toString(), Long.toString(calls)));
        ToolServer.Ended ended = ToolServer.run(words, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        String[] said = ended.text().strip().split(" ");
        assertThat(Long.parseLong(said[0])).isEqualTo(calls + 50);
        return new Traced(
                TraceSchema.trace(Files.readAllLines(file)),
                ended.errors(),
                Long.parseLong(said[0]),
                Long.parseLong(said[1]));
    }
}
