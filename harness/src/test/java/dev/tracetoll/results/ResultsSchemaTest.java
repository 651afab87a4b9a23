package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tracetoll.testing.ResultsSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation of {@code results.json}, the code and the files that there are must agree. */
class ResultsSchemaTest {

    private static final Path FIXTURES = Path.of("src/test/resources/dev/tracetoll/results");
    private static final JsonMapper MAPPER = new JsonMapper();

    static Stream<Path> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files
                    .filter(file -> file.getFileName().toString().matches("schema-\\d+.*\\.json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<Run> runs() {
        return Stream.of(
                        SampleRuns.headline(),
                        SampleRuns.flawed(),
                        SampleRuns.peers(),
                        SampleRuns.ladder(),
                        SampleRuns.growth(),
                        SampleRuns.program())
                .map(ResultStore::checked);
    }

    private static JsonNode json(Run run) throws IOException {
        return MAPPER.readTree(ResultStore.toJson(run));
    }

    @Test
    void thereIsAFixtureOfEveryVersion() throws IOException {
        assertThat(fixtures()
                        .map(file -> file.getFileName()
                                .toString()
                                .replaceAll("\\D+", " ")
                                .strip())
                        .distinct())
                .containsExactlyElementsOf(
                        Stream.iterate(1, version -> version <= Run.SCHEMA_VERSION, version -> version + 1)
                                .map(String::valueOf)
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyFixtureLoadsAndIsAsTheSchemaSays(Path file) {
        ResultsSchema.assertValid(file);

        Run run = ResultStore.load(file);
        assertThat(run.valid()).isTrue();
        assertThat(run.comparisons())
                .isNotEmpty()
                .allSatisfy(comparison -> assertThat(run.arms(comparison.workload()))
                        .extracting(Arm::name)
                        .contains(comparison.arm(), comparison.against()));
    }

    @Test
    void whatIsPublishedIsAsTheSchemaSaysAndWhereItBelongs() throws IOException {
        try (Stream<Path> files =
                Files.walk(Path.of(System.getProperty("tracetoll.home"), "results", Published.DIRECTORY))) {
            assertThat(files.filter(file -> file.endsWith(ResultStore.RESULTS_FILE))
                            .toList())
                    .allSatisfy(file -> {
                        ResultsSchema.assertValid(file);
                        assertThat(file.getParent().getParent().getFileName())
                                .hasToString(
                                        ResultStore.load(file).environment().fingerprint());
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void whatIsWrittenIsAsTheSchemaSays(Run run) throws IOException {
        assertThat(ResultsSchema.errors(json(run))).isEmpty();
    }

    @Test
    void theSchemaIsOfTheVersionThatIsWritten() {
        assertThat(ResultsSchema.text().at("/properties/schemaVersion/maximum").asInt())
                .isEqualTo(Run.SCHEMA_VERSION);
    }

    @Test
    void theSchemaRequiresWhatThereAlwaysIsAndKnowsAllThereIs() throws IOException {
        ObjectNode run = (ObjectNode) json(ResultStore.checked(SampleRuns.flawed()));
        for (ObjectNode object : List.of(
                run,
                (ObjectNode) run.get("environment"),
                (ObjectNode) run.at("/arms/1"),
                (ObjectNode) run.at("/comparisons/0"),
                (ObjectNode) run.at("/comparisons/0/ratio"),
                (ObjectNode) run.at("/arms/1/callEvents"),
                (ObjectNode) run.at("/warnings/0"))) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode value = object.remove(name);
                assertThat(ResultsSchema.errors(run)).as("without %s", name).isNotEmpty();
                object.putNull(name);
                assertThat(ResultsSchema.errors(run)).as("null %s", name).isNotEmpty();
                object.set(name, value);
            }
            object.put("unheardOf", 1);
            assertThat(ResultsSchema.errors(run))
                    .as("a field that is not documented")
                    .isNotEmpty();
            object.remove("unheardOf");
        }
        assertThat(ResultsSchema.errors(run)).isEmpty();
    }

    @Test
    void thePageExplainsEveryField() throws IOException {
        String page = ResultsSchema.page();
        List<JsonNode> objects = new ArrayList<>(List.of(ResultsSchema.text()));
        ResultsSchema.text().get("$defs").forEach(objects::add);
        for (JsonNode object : objects) {
            object.get("properties")
                    .properties()
                    .forEach(property -> assertThat(page)
                            .contains("| `" + property.getKey() + "` |")
                            .contains("| "
                                    + property.getValue().get("description").asText() + " |"));
        }
    }
}
