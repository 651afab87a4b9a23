package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.tracetoll.stats.Interval;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/tuning.schema.json} and {@code docs/tuning-check.schema.json} and what is written are the same. */
class TuningSchemaTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final JsonMapper MAPPER = new JsonMapper();

    private static JsonNode schema(String name) throws IOException {
        return MAPPER.readTree(HOME.resolve("docs/" + name + ".schema.json").toFile());
    }

    private static void explains(Map<JsonNode, Class<?>> records) {
        records.forEach((described, record) -> {
            TreeSet<String> fields = new TreeSet<>();
            described.get("properties").fieldNames().forEachRemaining(fields::add);
            assertThat(fields)
                    .as(record.getSimpleName())
                    .isEqualTo(new TreeSet<>(Arrays.stream(record.getRecordComponents())
                            .map(RecordComponent::getName)
                            .toList()));
            described
                    .get("properties")
                    .forEach(field -> assertThat(field.get("description")).isNotNull());
        });
    }

    @Test
    void eachFieldOfATuningIsExplainedAndNoOtherIs() throws IOException {
        JsonNode schema = schema("tuning");
        explains(Map.of(
                schema,
                Tuning.class,
                schema.at("/$defs/tried"),
                Tuning.Tried.class,
                schema.at("/$defs/latency"),
                Tuning.Latency.class,
                schema.at("/$defs/risk"),
                Tuning.Risk.class,
                schema.at("/$defs/curvePoint"),
                Tuning.CurvePoint.class,
                schema.at("/$defs/wakeups"),
                Wakeups.class,
                schema.at("/$defs/interval"),
                Interval.class));
        assertThat(schema.at("/properties/advised/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(Policy.words().toList());
    }

    @Test
    void eachFieldOfACheckIsExplainedAndNoOtherIs() throws IOException {
        JsonNode schema = schema("tuning-check");
        explains(Map.of(schema, TuningCheck.class, schema.at("/$defs/checked"), TuningCheck.Checked.class));
    }

    @ParameterizedTest
    @CsvSource({"tuning," + TuningStore.TUNING_FILE, "tuning-check," + TuningCheck.FILE})
    void whatIsPublishedIsAsItSays(String name, String file) throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("results/published"))) {
            List<Path> published = files.filter(each -> each.endsWith(file)).toList();
            assertThat(published).isNotEmpty();
            for (Path each : published) {
                assertThat(SchemaRegistry.withDialect(Dialects.getDraft202012())
                                .getSchema(schema(name))
                                .validate(MAPPER.readTree(each.toFile())))
                        .extracting(Error::toString)
                        .as(each.toString())
                        .isEmpty();
            }
        }
    }
}
