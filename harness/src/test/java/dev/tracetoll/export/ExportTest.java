package dev.tracetoll.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.tracetoll.history.SampleHistories;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<Run> STEPPED = SampleHistories.stepped();

    /** Of an arm whose name ends in a number, whose function and arguments have what formats mean something by. */
    private static Run awkward() {
        Run ladder = SampleRuns.ladder();
        return ladder.of(ladder.arms().stream()
                .filter(arm -> List.of("many", "goroutines").contains(arm.target()))
                .toList());
    }

    private static Run lossy() {
        return STEPPED.get(3);
    }

    private static Export export(ExportFormat format, Run... runs) {
        return format.of(List.of(runs));
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void looksLikeTheGoldenFileInEveryLocale(ExportFormat format) throws IOException {
        List<Run> runs = format == ExportFormat.otava ? STEPPED : List.of(STEPPED.get(0));
        for (String locale : List.of("en-US", "ar-EG-u-nu-arab")) {
            Golden.inLocale(locale, () -> {
                Export export = format.of(runs);
                Golden golden = Golden.of(ExportTest.class);
                golden.assertEqual(export.file(), export.text());
                for (String name : export.besides().keySet()) {
                    golden.assertEqual(name, export.besides().get(name));
                }
            });
        }
    }

    /** The schema that Bencher publishes, {@code bencher.dev/bmf.json}; no name is longer than its documentation allows. */
    @Test
    void bencherHasItsSchema() throws IOException {
        try (InputStream schema = ExportTest.class.getResourceAsStream("bmf.schema.json")) {
            JsonNode written =
                    JSON.readTree(export(ExportFormat.bencher, awkward()).text());

            assertThat(SchemaRegistry.withDialect(Dialects.getDraft7())
                            .getSchema(JSON.readTree(schema))
                            .validate(written))
                    .isEmpty();
            assertThat(written.size()).isEqualTo(awkward().arms().size());
            written.properties().forEach(benchmark -> {
                assertThat(benchmark.getKey()).hasSizeLessThan(1024);
                JsonNode latency = benchmark.getValue().get("latency");
                assertThat(latency.get("value").doubleValue())
                        .isBetween(
                                latency.get("lower_value").doubleValue(),
                                latency.get("upper_value").doubleValue());
            });
        }
    }

    /**
     * What github-action-benchmark takes of each entry (extractJmhResult in its extract.ts), and what JMH Visualizer does (parse.js and MetricExtractor.js),
     * which takes the name of a class and a method apart at the last dot, and its parameters at spaces and equals signs.
     */
    @Test
    void jmhHasWhatItsReadersTake() throws IOException {
        JsonNode entries = JSON.readTree(export(ExportFormat.jmh, awkward()).text());

        assertThat(entries.isArray()).isTrue();
        assertThat(entries).hasSize(awkward().arms().size()).allSatisfy(entry -> {
            assertThat(entry.get("benchmark").textValue()).matches("dev\\.tracetoll\\.[\\w-]+\\.[\\w-]+");
            assertThat(entry.get("mode").textValue()).isEqualTo("avgt");
            assertThat(Stream.of("threads", "forks", "warmupIterations", "measurementIterations")
                            .map(entry::get))
                    .allMatch(JsonNode::isInt);
            assertThat(entry.get("params"))
                    .allSatisfy(value -> assertThat(value.textValue()).matches("[^\\s=]*"));
            List<JsonNode> metrics = new ArrayList<>(List.of(entry.get("primaryMetric")));
            entry.get("secondaryMetrics").forEach(metrics::add);
            assertThat(metrics).allSatisfy(metric -> {
                assertThat(metric.get("score").isNumber()).isTrue();
                assertThat(metric.get("scoreError").isNumber()).isTrue();
                assertThat(metric.get("scoreConfidence")).hasSize(2).allMatch(JsonNode::isNumber);
                assertThat(metric.get("scoreUnit").isTextual()).isTrue();
                assertThat(metric.get("rawData").isArray()).isTrue();
            });
            assertThat(entry.get("primaryMetric").get("rawData"))
                    .hasSize(entry.get("forks").intValue())
                    .allSatisfy(round -> assertThat(round)
                            .hasSize(entry.get("measurementIterations").intValue()));
        });
        assertThat(distinct(entries))
                .as("told apart by benchmark and parameters")
                .isEqualTo(entries.size());
    }

    private static long distinct(JsonNode entries) {
        List<String> names = new ArrayList<>();
        entries.forEach(
                entry -> names.add(entry.get("benchmark") + entry.get("params").toString()));
        return names.stream().distinct().count();
    }

    /** Lines of the proposal 14313: keys in lower case, names from "Benchmark" and a capital on, then a count, then a value and its unit. */
    @Test
    void benchstatHasConfigurationAndResults() {
        Pattern configuration = Pattern.compile("[a-z][a-z0-9-]*: .+");
        Pattern result = Pattern.compile("Benchmark[A-Z][^\\s]*-2\\t[1-9]\\d*\\t[0-9.]+ ns/op");
        List<String> lines =
                export(ExportFormat.benchstat, awkward()).text().lines().toList();

        assertThat(lines)
                .allSatisfy(line -> assertThat(line.startsWith("# ")
                                || configuration.matcher(line).matches()
                                || result.matcher(line).matches())
                        .as(line)
                        .isTrue());
        assertThat(lines.stream().filter(line -> result.matcher(line).matches()))
                .hasSize(awkward().arms().stream()
                        .mapToInt(arm -> arm.bursts().rounds())
                        .sum());
    }

    @Test
    void whatLostEventsIsInNoFormatAndSaid() {
        for (ExportFormat format : ExportFormat.values()) {
            Export export = export(format, lossy());

            assertThat(export.text()).as(format.name()).doesNotContainPattern("[./=]ebpf[-.\"]\\d*[\\s\"o]");
            assertThat(export.leftOut())
                    .containsExactly(
                            "left out of the run of 2026-12-13T20:42:05Z: ebpf on calls, which lost 2 of 132000 events");
        }
    }

    @Test
    void otavaHasAColumnOnlyIfAllRunsHaveIt() {
        Export export = ExportFormat.otava.of(STEPPED);

        assertThat(export.text().lines()).hasSize(STEPPED.size() + 1);
        assertThat(export.text().lines().map(line -> line.split(",", -1).length).distinct())
                .hasSize(1);
        assertThat(export.text()).doesNotContain(".ebpf.").doesNotContain(",,");
        assertThat(export.leftOut())
                .contains("left out of all runs: calls.main.work.200.unpinned.ebpf.floors, which not all of them have");
    }

    @Test
    void refusesWhatAFormatCannotHold() {
        for (ExportFormat format : List.of(ExportFormat.jmh, ExportFormat.bencher, ExportFormat.benchstat)) {
            assertRefused(format, STEPPED, "one run in a file, and 9 are named");
        }
        assertRefused(
                ExportFormat.otava,
                List.of(STEPPED.get(0), SampleHistories.elsewhere(STEPPED.get(1))),
                "different environments");
        assertRefused(ExportFormat.otava, List.of(STEPPED.get(0), SampleRuns.growth()), "no traced arm in common");
        assertRefused(ExportFormat.jmh, List.of(SampleRuns.flawed()), "do not add up");
        Run allLost = SampleRuns.uncompared(
                List.of(SampleRuns.lossy(SampleRuns.arm("ebpf", "ebpf", 4_000_000, EventCounts.NONE))));
        assertRefused(ExportFormat.jmh, List.of(allLost), "All arms", "lost events");
        Run untraced = STEPPED.get(0)
                .of(STEPPED.get(0).arms().stream().filter(Arm::untraced).toList());
        assertRefused(ExportFormat.otava, List.of(untraced), "no traced arm in common");
    }

    private static void assertRefused(ExportFormat format, List<Run> runs, String... words) {
        assertThatThrownBy(() -> format.of(runs))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("; ");
    }
}
