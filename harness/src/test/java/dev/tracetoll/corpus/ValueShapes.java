package dev.tracetoll.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Checks that values have the shapes that {@code trace --format json} promises. */
final class ValueShapes {

    private static final Set<String> NILABLE = Set.of("bytes", "slice", "pointer", "map", "chan", "func", "interface");

    private ValueShapes() {}

    /**
     * Checks a value.
     *
     * @throws IllegalArgumentException if it is not written as values of its kinds are
     */
    static void check(TruthCall.Kinds kinds, JsonNode value) {
        if (!fits(kinds, value)) {
            throw new IllegalArgumentException("not the shape of " + kinds + ": " + value);
        }
    }

    private static boolean fits(TruthCall.Kinds kinds, JsonNode value) {
        if (value.isNull()) {
            return NILABLE.contains(kinds.kind()) && kinds.of().isEmpty();
        }
        switch (kinds.kind()) {
            case "bool":
                return value.isBoolean();
            case "float32", "float64":
                return isFloat(value);
            case "complex64", "complex128":
                return hasFields(value, "real", "imag") && isFloat(value.get("real")) && isFloat(value.get("imag"));
            case "string", "bytes":
                return value.isTextual()
                        || hasFields(value, "hex") && isHex(value)
                        || hasFields(value, "prefix", "length")
                                && value.get("prefix").isTextual()
                                && value.get("length").isIntegralNumber()
                        || hasFields(value, "hex", "length")
                                && isHex(value)
                                && value.get("length").isIntegralNumber();
            case "slice", "array":
                return elements(kinds, value);
            case "struct":
                return value.isObject() && parts(kinds, value.iterator());
            case "pointer":
                return isAddress(value.path("address"))
                        && (kinds.of().isEmpty()
                                ? hasFields(value, "address")
                                : hasFields(value, "address", "value")
                                        && parts(
                                                kinds,
                                                List.of(value.get("value")).iterator()));
            case "map":
                return hasFields(value, "length", "entries")
                        && entries(kinds, value.get("length"), value.get("entries"));
            case "chan":
                return hasFields(value, "length", "capacity")
                        && value.get("length").isIntegralNumber()
                        && value.get("capacity").isIntegralNumber();
            case "func":
                return hasFields(value, "function") && value.get("function").isTextual();
            case "interface":
                return hasFields(value, "dynamicType", "value")
                        && value.get("dynamicType").isTextual()
                        && parts(kinds, List.of(value.get("value")).iterator());
            default:
                return kinds.kind().matches("u?int(8|16|32|64)?|uintptr") && value.isIntegralNumber();
        }
    }

    private static boolean elements(TruthCall.Kinds kinds, JsonNode value) {
        if (value.isArray()) {
            return parts(kinds, value.iterator());
        }
        return hasFields(value, "elements", "length")
                && value.get("elements").isArray()
                && value.get("elements").size() < value.get("length").longValue()
                && parts(kinds, value.get("elements").iterator());
    }

    private static boolean entries(TruthCall.Kinds kinds, JsonNode length, JsonNode entries) {
        List<JsonNode> keysAndValues = new ArrayList<>();
        entries.forEach(entry -> entry.forEach(keysAndValues::add));
        return length.isIntegralNumber()
                && length.intValue() == entries.size()
                && keysAndValues.size() == 2 * entries.size()
                && parts(kinds, keysAndValues.iterator());
    }

    private static boolean parts(TruthCall.Kinds kinds, Iterator<JsonNode> values) {
        for (TruthCall.Kinds each : kinds.of()) {
            if (!values.hasNext() || !fits(each, values.next())) {
                return false;
            }
        }
        return !values.hasNext();
    }

    private static boolean isFloat(JsonNode value) {
        return value.isFloatingPointNumber()
                || Set.of("\"NaN\"", "\"+Inf\"", "\"-Inf\"").contains(value.toString());
    }

    private static boolean isHex(JsonNode value) {
        return value.get("hex").isTextual() && value.get("hex").textValue().matches("([0-9a-f]{2})+");
    }

    private static boolean isAddress(JsonNode value) {
        return value.isTextual() && value.textValue().matches("0x[1-9a-f][0-9a-f]*");
    }

    private static boolean hasFields(JsonNode value, String... names) {
        List<String> fields = new ArrayList<>();
        value.fieldNames().forEachRemaining(fields::add);
        return value.isObject() && fields.equals(List.of(names));
    }
}
