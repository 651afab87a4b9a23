package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file, one line says it, in words of the file's own. */
class DamagedResultsTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    /** What no field may be, and what only some may. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "0.5",
            "1e300",
            "123456789012345678901234567890",
            "\"\"",
            "\"x\"",
            "\"NaN\"",
            "[]",
            "[null]",
            "{}",
            "{\"a\":null}",
            "[[]]");

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("results.json");
    }

    private static final String SAMPLE = text();

    private static String text() {
        Run run = ResultStore.checked(SampleRuns.flawed());
        return new String(
                ResultStore.toJson(new Run(
                        run.schemaVersion(),
                        run.tracetoll(),
                        run.started(),
                        run.environment(),
                        run.experiment(),
                        run.command(),
                        run.seed(),
                        run.budgetNs(),
                        run.stopped(),
                        SampleRuns.ladder().arms().subList(2, 4),
                        run.comparisons().subList(0, 1),
                        run.warnings().subList(0, 1))),
                StandardCharsets.UTF_8);
    }

    private static JsonNode sample() throws IOException {
        return MAPPER.readTree(SAMPLE);
    }

    private static List<JsonPointer> pointers(JsonNode node, JsonPointer at) {
        List<JsonPointer> all = new ArrayList<>(List.of(at));
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(property ->
                            all.addAll(pointers(property.getValue(), at.appendProperty(property.getKey()))));
        } else if (node.isArray() && !node.isEmpty()) {
            // The last stands for all.
            all.addAll(pointers(node.get(node.size() - 1), at.appendIndex(node.size() - 1)));
        }
        return all;
    }

    private static void set(JsonNode root, JsonPointer at, JsonNode value) {
        JsonNode parent = root.at(at.head());
        if (parent instanceof ObjectNode object) {
            object.set(at.last().getMatchingProperty(), value);
        } else {
            ((ArrayNode) parent).set(at.last().getMatchingIndex(), value);
        }
    }

    /** Loads it, or says why not in a line that speaks of the file, not of this program. */
    private boolean loads(String json) throws IOException {
        Files.writeString(file, json);
        try {
            ResultStore.load(file);
            return true;
        } catch (BadInput e) {
            assertThat(e.getMessage())
                    .contains(file.toString())
                    .contains("; ")
                    .doesNotContain("\n", "java", "Json", "jackson", "deserialize", "dev.tracetoll", "`");
            return false;
        }
    }

    @Test
    void anyFieldWithAnyOtherValueLoadsOrIsRefusedInALine() throws IOException {
        int refused = 0;
        List<JsonPointer> pointers = pointers(sample(), JsonPointer.empty());
        for (JsonPointer at : pointers.subList(1, pointers.size())) {
            for (String value : VALUES) {
                JsonNode root = sample();
                set(root, at, MAPPER.readTree(value));
                refused += loads(root.toString()) ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(pointers.size() * VALUES.size() / 2);
    }

    @Test
    void anyMissingFieldIsRefusedInALineOrNotNeeded() throws IOException {
        for (JsonPointer at : pointers(sample(), JsonPointer.empty())) {
            JsonNode root = sample();
            if (root.at(at.head() == null ? at : at.head()) instanceof ObjectNode parent && at.last() != null) {
                parent.remove(at.last().getMatchingProperty());
                loads(root.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/arms/0/calls | \"many\" | at arms[0].calls: it is no whole number",
                "/arms/0/calls | \"200\" | at arms[0].calls: it is no whole number",
                "/arms/0/rounds | 7 | at arms[0].rounds: it is no list",
                "/arms/0/rounds/0 | {} | at arms[0].rounds[0]: it is no list",
                "/arms/0/rounds/0/0 | -7 | at arms[0]: field \"rounds\" is not positive: -7",
                "/arms/0/rounds/0/0 | 9007199254740992 | at arms[0]: field \"rounds\" is larger than 2^53 - 1",
                "/arms/0/rounds/0/0 | null | at arms[0].rounds: a burst without a duration",
                "/arms/0/callEvents/seen | -1 | field \"seen\" is negative: -1",
                "/arms/0/callEvents | [] | at arms[0].callEvents: it is no object",
                "/arms/0/placement | \"moon\" | at arms[0].placement: \"moon\" is no word that this Tracetoll knows here",
                "/arms/0/peer | \"yes\" | at arms[0].peer: it is no true or false",
                "/arms/0/technique | \" \" | field \"technique\" is empty",
                "/started | \"yesterday\" | at started: \"yesterday\" is no time",
                "/environment/atStart/loadAverage | \"NaN\" | at environment.atStart: field \"loadAverage\" is no load: NaN",
                "/environment/atStart/stealNs | -1 | field \"stealNs\" is negative",
                "/environment/cpus | 0 | field \"cpus\" is not positive",
                "/environment/mitigations | [] | at environment.mitigations: it is no object",
                "/comparisons/0/ratio/low | 1e308 | not an interval",
                "/command | [null] | a list or an object has a null in it",
                "/schemaVersion | \"1\" | no \"schemaVersion\"",
                "/schemaVersion | 99 | schema version 99",
                "/schemaVersion | 0 | no schema version 0",
                "/arms | [] | field \"arms\" is empty",
            })
    void saysWhichFieldIsWrongAndHow(String at, String value, String message) throws IOException {
        JsonNode root = sample();
        set(root, JsonPointer.compile(at), MAPPER.readTree(value));
        Files.writeString(file, root.toString());

        assertThatThrownBy(() -> ResultStore.load(file))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(message);
    }

    @Test
    void twoEqualArmsAreBadInput() throws IOException {
        JsonNode root = sample();
        ((ArrayNode) root.get("arms")).add(root.at("/arms/0").deepCopy());

        assertThat(loads(root.toString())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999", "0x10", "+1", ".5", "'1'"})
    void numbersThatJsonLacksAreBadInput(String number) throws IOException {
        assertThat(loads(sample().toString().replaceFirst("\"median\":[^,]*", "\"median\":" + number)))
                .isFalse();
    }

    @Test
    void deepNestingIsBadInput() throws IOException {
        assertThat(loads("[".repeat(100_000))).isFalse();
        assertThat(loads("{\"schemaVersion\":1,\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"))
                .isFalse();
        assertThat(loads("{\"a\":".repeat(100_000))).isFalse();
    }

    @Test
    void longNumbersAndNamesAreBadInput() throws IOException {
        assertThat(loads("{\"schemaVersion\":" + "9".repeat(100_000) + "}")).isFalse();
        assertThat(loads("{\"" + "x".repeat(1_000_000) + "\":1}")).isFalse();
    }

    @Test
    void moreThanAnyRunHasIsBadInput() {
        assertThatThrownBy(() -> ResultStore.load(Path.of("/dev/zero")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("more than 64 MiB");
    }

    @Test
    void manySmallValuesAreRead() throws IOException {
        ObjectNode root = (ObjectNode) sample();
        ArrayNode rounds = root.withArray("/arms/0/rounds");
        rounds.removeAll();
        ArrayNode round = rounds.addArray();
        IntStream.range(1, 1_000_000).forEach(round::add);

        assertThat(loads(root.toString())).isTrue();
        assertThat(Files.size(file)).isGreaterThan(6_000_000);
    }

    @Test
    void oneBitFlippedAnywhereLoadsOrIsRefusedInALine() throws IOException {
        byte[] whole = sample().toString().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < whole.length; i += 7) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << i % 7);
            loads(new String(flipped, StandardCharsets.UTF_8));
        }
    }
}
