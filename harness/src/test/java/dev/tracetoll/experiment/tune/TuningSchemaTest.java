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

/** {@code docs/tuning.schema.json} and what is written are the same. */
class TuningSchemaTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final JsonMapper MAPPER = new JsonMapper();

    private static JsonNode schema() throws IOException {
        return MAPPER.readTree(HOME.resolve("docs/tuning.schema.json").toFile());
    }

    @Test
    void eachFieldIsExplainedAndNoOtherIs() throws IOException {
        JsonNode schema = schema();
        Map<JsonNode, Class<?>> records = Map.of(
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
                Interval.class);
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
        assertThat(schema.at("/properties/advised/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(Policy.words().toList());
    }

    @Test
    void whatIsPublishedIsAsItSays() throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("results/published"))) {
            List<Path> tunings =
                    files.filter(file -> file.endsWith(TuningStore.TUNING_FILE)).toList();
            assertThat(tunings).isNotEmpty();
            for (Path tuning : tunings) {
                assertThat(SchemaRegistry.withDialect(Dialects.getDraft202012())
                                .getSchema(schema())
                                .validate(MAPPER.readTree(tuning.toFile())))
                        .extracting(Error::toString)
                        .as(tuning.toString())
                        .isEmpty();
            }
        }
    }
}
