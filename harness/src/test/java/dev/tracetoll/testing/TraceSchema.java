package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Holds what {@code trace --format json} prints against {@code docs/trace.schema.json}. */
public final class TraceSchema {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDialect(Dialects.getDraft202012());
    private static final Schema ANY_LINE;
    /** By the kind of event: a validator tries every alternative in full, which takes several times longer than the one that is meant. */
    private static final Map<String, Schema> LINES = new HashMap<>();

    private static final Set<String> TRIED_AGAINST_ALL = ConcurrentHashMap.newKeySet();

    /** Numbers that have to be positive, or of 64 bits, and plain text: the schema says the same of all that are no longer than these. */
    private static final Pattern ALIKE = Pattern.compile(
            "(\"(?:id|goroutine|thread|timestampNs|durationNs)\":|\"type\":\"(?:int|int64|uint|uint64|uintptr)\",\"value\":)"
                    + "[1-9][0-9]{0,17}(?=[,}])|(\"type\":\"string\",\"value\":)\"[^\"\\\\]*\"");

    /** Lines that are valid, without what is alike: to validate takes many times longer than to parse. */
    private static final Set<String> VALID = ConcurrentHashMap.newKeySet();

    private static final int MOST_VALID = 100_000;

    static {
        ObjectNode schema = load();
        ANY_LINE = REGISTRY.getSchema(schema);
        for (JsonNode alternative : schema.get("oneOf")) {
            String reference = alternative.get("$ref").asText();
            ObjectNode one = schema.deepCopy();
            one.remove("oneOf");
            one.put("$ref", reference);
            LINES.put(reference.substring(reference.lastIndexOf('/') + 1), REGISTRY.getSchema(one));
        }
    }

    private TraceSchema() {}

    private static ObjectNode load() {
        Path file = Path.of(System.getProperty("tracetoll.home"), "docs", "trace.schema.json");
        try {
            return (ObjectNode) MAPPER.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a line; empty if nothing is. */
    public static List<String> errors(String line) {
        try {
            return errors(line, MAPPER.readTree(line));
        } catch (JsonProcessingException e) {
            return List.of(e.getMessage());
        }
    }

    private static List<String> errors(String line, JsonNode node) {
        String form = ALIKE.matcher(line).replaceAll("$1$2");
        if (VALID.contains(form)) {
            return List.of();
        }
        String event = node.path("event").asText();
        // That alternatives exclude each other is looked at once for each.
        Schema schema = TRIED_AGAINST_ALL.add(event) ? ANY_LINE : LINES.getOrDefault(event, ANY_LINE);
        List<String> errors =
                schema.validate(node).stream().map(Error::toString).toList();
        if (errors.isEmpty() && VALID.size() < MOST_VALID) {
            VALID.add(form);
        }
        return errors;
    }

    /** Parses a line that must be valid. */
    public static JsonNode line(String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            assertThat(errors(line, node)).as(line).isEmpty();
            return node;
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    /**
     * Parses all lines of a trace. Each must be valid, ids must be used once for a call and at most once for its end, and the last line
     * must be the only summary and must have counted the others rightly.
     */
    public static List<JsonNode> trace(List<String> lines) {
        assertThat(lines).as("a trace has at least its summary").isNotEmpty();
        List<JsonNode> nodes = new ArrayList<>(lines.size());
        Set<Long> calls = new HashSet<>();
        Set<Long> ended = new HashSet<>();
        // Of the totals, as below of the events.
        long[] added = new long[4];
        long returns = 0;
        long noReturns = 0;
        long unpairedReturns = 0;
        for (String text : lines) {
            JsonNode node = line(text);
            JsonNode id = node.path("id");
            switch (node.get("event").asText()) {
                case "call" ->
                    assertThat(calls.add(id.asLong())).as("a new id: %s", text).isTrue();
                case "total" -> {
                    total(node, text);
                    added[0] += node.get("calls").asLong();
                    added[1] += node.path("returns").asLong();
                    added[2] += node.path("noReturns").asLong();
                    added[3] += node.path("unpairedReturns").asLong();
                }
                case "unpairedReturn" -> unpairedReturns++;
                case "summary" ->
                    assertThat(nodes.size()).as("the summary is last").isEqualTo(lines.size() - 1);
                default -> {
                    if (node.get("event").asText().equals("return")) {
                        returns++;
                    } else {
                        noReturns++;
                    }
                    assertThat(calls.contains(id.asLong()))
                            .as("a call before: %s", text)
                            .isTrue();
                    assertThat(ended.add(id.asLong()))
                            .as("no end before: %s", text)
                            .isTrue();
                }
            }
            nodes.add(node);
        }
        JsonNode summary = nodes.get(nodes.size() - 1);
        assertThat(summary.get("event").asText()).isEqualTo("summary");
        long[] shown = {calls.size(), returns, noReturns, unpairedReturns};
        if (Arrays.stream(added).sum() > 0 && Arrays.stream(shown).sum() > 0) {
            assertThat(added).as("totals are those of the events beside them").isEqualTo(shown);
        }
        assertThat(new long[] {
                    summary.get("calls").asLong(),
                    summary.get("returns").asLong(),
                    summary.get("noReturns").asLong(),
                    summary.get("unpairedReturns").asLong()
                })
                .isEqualTo(Arrays.stream(shown).sum() > 0 ? shown : added);
        return nodes;
    }

    /**
     * How many calls and returns of the program were seen, of a trace of events: with those lost, twice its calls if all of them return.
     *
     * @param summary its last line
     */
    public static long seen(JsonNode summary) {
        return summary.get("calls").asLong()
                + summary.get("returns").asLong()
                + summary.get("unpairedReturns").asLong();
    }

    /** The numbers of a total must add up. */
    private static void total(JsonNode total, String text) {
        if (!total.has("durationNs")) {
            return;
        }
        JsonNode durations = total.get("durationNs");
        long sum = 0;
        long above = 0;
        for (JsonNode bucket : durations.path("buckets")) {
            assertThat(bucket.get(0).asLong())
                    .as(text)
                    .isBetween(above, bucket.get(1).asLong() - 1);
            above = bucket.get(1).asLong();
            sum += bucket.get(2).asLong();
        }
        assertThat(durations.path("count").asLong())
                .as(text)
                .isEqualTo(sum)
                .isEqualTo(total.get("returns").asLong());
        assertThat(total.get("calls").asLong())
                .as(text)
                .isEqualTo(sum + total.get("noReturns").asLong());
        assertThat(total.get("lost").asLong())
                .as(text)
                .isLessThanOrEqualTo(total.get("noReturns").asLong());
        assertThat(total.get("errors").asLong() + total.path("unknownErrors").asLong())
                .as(text)
                .isLessThanOrEqualTo(sum);
        assertThat(List.of(
                        durations.path("p50").asLong(),
                        durations.path("p90").asLong(),
                        durations.path("p99").asLong()))
                .as(text)
                .isSorted()
                .allSatisfy(percentile -> assertThat(percentile)
                        .isBetween(
                                durations.path("min").asLong(),
                                durations.path("max").asLong()));
        assertThat(durations.path("sum").asLong())
                .as(text)
                .isBetween(
                        sum * durations.path("min").asLong(),
                        sum * durations.path("max").asLong());
    }
}
