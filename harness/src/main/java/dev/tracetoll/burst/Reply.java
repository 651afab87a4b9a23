package dev.tracetoll.burst;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tracetoll.tracing.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The replies of the burst protocol, a word and JSON each. Text that is not such a reply is an {@link IllegalArgumentException}. */
final class Reply {

    private static final String PROTOCOL = "tracetoll-burst/1";
    private static final int UNSIGNED_BITS = 64;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Reply() {}

    /** Whether the line says that the target would not serve the request. */
    static boolean isError(String line) {
        return line.startsWith("error ");
    }

    /** Why the target would not serve the request. */
    static String error(String line) {
        return tree(after("error ", line)).path("message").asText();
    }

    static Greeting greeting(String line) {
        return read(after("ready " + PROTOCOL + " ", line), Greeting.class);
    }

    /** The answer to so many bursts of so many calls; anything else is refused. */
    static BurstResult done(String line, int bursts, int calls) {
        BurstResult result = read(after("done ", line), BurstResult.class);
        if (result.callsMade() != (long) bursts * calls || result.bursts().count() != bursts || result.cpuNs() < 0) {
            throw new IllegalArgumentException("it does not answer for " + bursts + " bursts of " + calls + " calls");
        }
        if (result.bursts().all().anyMatch(ns -> ns < 0)) {
            throw new IllegalArgumentException("a duration is negative");
        }
        return result;
    }

    /** The answer to a load of so many calls; anything else is refused. */
    static Paced paced(String line, int calls) {
        Paced paced = read(after("paced ", line), Paced.class);
        if (paced.callsMade() != calls || paced.wallNs() <= 0 || paced.busyNs() < 0 || paced.cpuNs() < 0) {
            throw new IllegalArgumentException("it does not answer for " + calls + " calls");
        }
        return paced;
    }

    /** The answer for so many calls; anything else is refused. */
    static List<Truth> truth(String line, int count) {
        JsonNode calls = tree(after("truth ", line));
        if (!calls.isArray() || calls.size() != count) {
            throw new IllegalArgumentException("it does not answer for " + count + " calls");
        }
        List<Truth> truths = new ArrayList<>(count);
        for (JsonNode call : calls) {
            truths.add(new Truth(values(call.path("arguments")), values(call.path("results"))));
        }
        return truths;
    }

    private static List<Value> values(JsonNode nodes) {
        if (!nodes.isArray()) {
            throw new IllegalArgumentException("a call has no list of arguments or of results");
        }
        List<Value> values = new ArrayList<>(nodes.size());
        nodes.forEach(node -> values.add(value(node)));
        return values;
    }

    private static Value value(JsonNode node) {
        if (node.isTextual()) {
            byte[] bytes = node.textValue().getBytes(StandardCharsets.UTF_8);
            return new Value.Text(bytes, bytes.length);
        }
        if (node.isBoolean()) {
            return new Value.Bool(node.booleanValue());
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return new Value.Signed(node.longValue());
        }
        if (node.isIntegralNumber()
                && node.bigIntegerValue().signum() > 0
                && node.bigIntegerValue().bitLength() <= UNSIGNED_BITS) {
            return new Value.Unsigned(node.bigIntegerValue().longValue());
        }
        if (node.isFloatingPointNumber()) {
            return new Value.Float64(node.doubleValue());
        }
        throw new IllegalArgumentException(
                "a call has a value that no Go type here has: " + Quoting.quote(node.toString()));
    }

    private static String after(String start, String line) {
        if (!line.startsWith(start)) {
            throw new IllegalArgumentException("it does not start with \"" + start.strip() + "\"");
        }
        return line.substring(start.length());
    }

    private static JsonNode tree(String json) {
        return read(json, JsonNode.class);
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            T value = JSON.readValue(json, type);
            if (value == null) {
                throw new IllegalArgumentException("it has no value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
