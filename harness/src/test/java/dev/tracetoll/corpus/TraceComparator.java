package dev.tracetoll.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares what a tracer reported of a generated program with what the program itself says.
 *
 * <p>The n-th call of a function in the trace is the n-th in the truth, unless the function has an argument {@code call}: then that is
 * the number of the call.
 */
final class TraceComparator {

    /** A difference; {@code expected} and {@code seen} in JSON or in words. */
    record Difference(String where, String type, String expected, String seen) {
        @Override
        public String toString() {
            return where + " (" + type + ")\n    expected " + shortened(expected) + "\n    seen     " + shortened(seen);
        }

        private static String shortened(String text) {
            return text.length() <= 400 ? text : text.substring(0, 400) + "… (" + text.length() + " characters)";
        }
    }

    /** How many values of a kind there were. */
    static final class Tally {
        private int equal;
        private int unreadable;
        private int different;

        int equal() {
            return equal;
        }

        int unreadable() {
            return unreadable;
        }

        int different() {
            return different;
        }

        @Override
        public String toString() {
            return equal + " equal, " + unreadable + " unreadable, " + different + " different";
        }
    }

    /** All differences, and how many values of each kind there were; a value counts with its kind, and so does each that it consists of. */
    record Result(List<Difference> differences, Map<String, Tally> tallies) {

        /** The first differences and the totals. */
        String describe(int most) {
            StringBuilder text = new StringBuilder(differences.size() + " differences\n");
            differences.stream().limit(most).forEach(each -> text.append(each).append('\n'));
            tallies.forEach((kind, tally) ->
                    text.append(kind).append(": ").append(tally).append('\n'));
            return text.toString();
        }
    }

    private static final String CALL = "call";

    private final UnreadableList unreadable;
    private final String backend;
    private final String build;
    private final List<Difference> differences = new ArrayList<>();
    private final Map<String, Tally> tallies = new TreeMap<>();

    private TraceComparator(UnreadableList unreadable, String backend, String build) {
        this.unreadable = unreadable;
        this.backend = backend;
        this.build = build;
    }

    /**
     * Compares.
     *
     * @param truth the program's calls
     * @param events the lines of the trace
     * @param unreadable what may be unreadable
     * @param build the program's build, for example {@code go1.26.8-optimised}
     */
    static Result compare(
            List<TruthCall> truth, List<JsonNode> events, UnreadableList unreadable, String backend, String build) {
        TraceComparator comparator = new TraceComparator(unreadable, backend, build);
        comparator.compare(truth, events);
        return new Result(comparator.differences, comparator.tallies);
    }

    private void compare(List<TruthCall> truth, List<JsonNode> events) {
        Map<String, Deque<JsonNode>> calls = new LinkedHashMap<>();
        Map<Long, JsonNode> returns = new HashMap<>();
        for (JsonNode event : events) {
            switch (event.path("event").asText()) {
                case "call" ->
                    calls.computeIfAbsent(key(event), key -> new ArrayDeque<>()).add(event);
                case "return" -> {
                    if (!event.path("id").isIntegralNumber()) {
                        differ(name(event), "return", "no return without a call", event.toString());
                    } else if (returns.put(event.get("id").longValue(), event) != null) {
                        differ(name(event), "return", "one return of call " + event.get("id"), "two");
                    }
                }
                case "noReturn" -> differ(name(event), "return", "a return", event.toString());
                case "summary" -> {
                    if (event.required("lost").longValue() != 0) {
                        differ("summary", "lost", "0", event.get("lost").toString());
                    }
                }
                default -> differ("trace", "event", "call, return, noReturn or summary", event.toString());
            }
        }
        for (TruthCall each : truth) {
            compare(each, calls, returns);
        }
        calls.forEach((key, left) -> left.forEach(event -> differ(key, "call", "no more calls", event.toString())));
        returns.forEach((id, event) -> differ(name(event), "return", "no return without a call", event.toString()));
    }

    private void compare(TruthCall truth, Map<String, Deque<JsonNode>> calls, Map<Long, JsonNode> returns) {
        boolean numbered =
                truth.arguments().stream().anyMatch(argument -> argument.name().equals(CALL));
        String key = truth.function() + (numbered ? "#" + truth.number() : "");
        String where = truth.function() + " call " + truth.number();
        JsonNode call = calls.getOrDefault(key, new ArrayDeque<>()).poll();
        if (call == null) {
            differ(where, "call", "a call", "none");
            return;
        }
        variables(truth.function(), where + " argument", "argument", truth.arguments(), call.required("arguments"));
        JsonNode returned = returns.remove(call.required("id").longValue());
        if (returned == null) {
            differ(where, "return", "a return of call " + call.get("id"), "none");
            return;
        }
        if (!name(returned).equals(truth.function())
                || !returned.required("goroutine").equals(call.required("goroutine"))) {
            differ(where, "return", "a return of the same function on the same goroutine", returned.toString());
        }
        variables(truth.function(), where + " result", "result", truth.results(), returned.required("results"));
    }

    private static String key(JsonNode call) {
        for (JsonNode argument : call.required("arguments")) {
            if (argument.path("name").asText().equals(CALL)) {
                return name(call) + "#" + argument.path("value").asText();
            }
        }
        return name(call);
    }

    private static String name(JsonNode event) {
        return withoutTypeArguments(event.required("function").textValue());
    }

    /** What Go's own traces print for the type arguments in a function's name, which differ from the linker's. */
    static String withoutTypeArguments(String function) {
        int open = function.indexOf('[');
        int close = function.lastIndexOf(']');
        return open < 0 || close < open
                ? function
                : function.substring(0, open) + "[...]" + function.substring(close + 1);
    }

    private void variables(String function, String where, String role, List<TruthCall.Variable> truth, JsonNode seen) {
        List<TruthCall.Variable> expected = truth;
        if (seen.size() != truth.size()
                && seen.size() == truth.stream().filter(each -> !each.isBlank()).count()) {
            expected = truth.stream().filter(each -> !each.isBlank()).toList();
            for (TruthCall.Variable each : truth) {
                if (each.isBlank()
                        && !unreadable.allows(backend, build, function, "blank-" + role, UnreadableList.ABSENT)) {
                    differ(where, each.type(), "a blank parameter", "none");
                }
            }
        }
        if (seen.size() != expected.size()) {
            differ(where + "s", "list", expected.size() + " of them", seen.toString());
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            variable(function, where, role, expected.get(i), seen.get(i));
        }
    }

    private void variable(String function, String where, String role, TruthCall.Variable expected, JsonNode seen) {
        String name = seen.required("name").textValue();
        String type = seen.required("type").textValue();
        if (!name.equals(expected.name()) && !(expected.isBlank() && name.matches("~p\\d+"))) {
            differ(where, "name", expected.name(), name);
        }
        boolean shape = function.contains("[") && type.contains("go.shape.");
        if (!type.equals(expected.type()) && !shape) {
            differ(where + " " + expected.name(), "type", expected.type(), type);
        }
        value(
                new Place(function, where + " " + expected.name(), expected.type(), role),
                expected.kinds(),
                expected.value(),
                seen.required("value"));
    }

    /** Where a value is: in words, and by its kinds. */
    private record Place(String function, String where, String type, String kinds) {
        Place of(String step, TruthCall.Kinds kind) {
            return new Place(function, where + step, type, kinds + "/" + kind.kind());
        }
    }

    private void value(Place parent, TruthCall.Kinds kinds, JsonNode expected, JsonNode seen) {
        value(parent, "", kinds, expected, seen);
    }

    private void value(Place parent, String step, TruthCall.Kinds kinds, JsonNode expected, JsonNode seen) {
        Place place = parent.of(step, kinds);
        Tally tally = tallies.computeIfAbsent(kinds.kind(), kind -> new Tally());
        if (seen.isObject() && seen.size() == 1 && seen.path("unreadable").isTextual()) {
            tally.unreadable++;
            if (!unreadable.allows(
                    backend,
                    build,
                    place.function,
                    place.kinds,
                    seen.get("unreadable").textValue())) {
                differ(place.where, place.type + ", " + place.kinds, expected.toString(), seen.toString());
            }
            return;
        }
        boolean same = !expected.isNull() && !seen.isNull()
                ? same(place, kinds, expected, seen)
                : expected.isNull() && seen.isNull();
        if (same) {
            tally.equal++;
        } else {
            tally.different++;
            differ(place.where, place.type + ", " + place.kinds, expected.toString(), seen.toString());
        }
    }

    /** Whether a value itself is the same; what it consists of is compared, and counted, for itself. */
    private boolean same(Place place, TruthCall.Kinds kinds, JsonNode expected, JsonNode seen) {
        switch (kinds.kind()) {
            case "float32", "float64":
                return sameFloat(kinds.kind().equals("float32"), expected, seen);
            case "complex64", "complex128":
                boolean single = kinds.kind().equals("complex64");
                return sameNames(expected, seen)
                        && sameFloat(single, expected.get("real"), seen.get("real"))
                        && sameFloat(single, expected.get("imag"), seen.get("imag"));
            case "struct":
                if (!sameNames(expected, seen)) {
                    return false;
                }
                List<String> names = names(expected);
                for (int i = 0; i < names.size(); i++) {
                    value(
                            place,
                            "." + names.get(i),
                            kinds.of().get(i),
                            expected.get(names.get(i)),
                            seen.get(names.get(i)));
                }
                return true;
            case "slice", "array":
                return sameElements(place, kinds, expected, seen);
            case "map":
                return sameNames(expected, seen)
                        && sameText(expected.get("length"), seen.get("length"))
                        && sameEntries(place, kinds, expected.get("entries"), seen.get("entries"));
            case "pointer":
                if (!sameNames(expected, seen) || !expected.get("address").equals(seen.get("address"))) {
                    return false;
                }
                return kinds.of().isEmpty() || held(place, ".*", kinds, expected, seen);
            case "interface":
                return sameNames(expected, seen)
                        && expected.get("dynamicType").equals(seen.get("dynamicType"))
                        && held(place, ".(" + expected.get("dynamicType").asText() + ")", kinds, expected, seen);
            case "func":
                return sameNames(expected, seen)
                        && withoutTypeArguments(expected.get("function").asText())
                                .equals(withoutTypeArguments(
                                        seen.get("function").asText()));
            default:
                return sameText(expected, seen);
        }
    }

    private boolean held(Place place, String step, TruthCall.Kinds kinds, JsonNode expected, JsonNode seen) {
        value(place, step, kinds.of().get(0), expected.get("value"), seen.get("value"));
        return true;
    }

    private boolean sameElements(Place place, TruthCall.Kinds kinds, JsonNode expected, JsonNode seen) {
        JsonNode expectedElements = expected;
        JsonNode seenElements = seen;
        if (expected.isObject()) {
            if (!sameNames(expected, seen) || !sameText(expected.get("length"), seen.get("length"))) {
                return false;
            }
            expectedElements = expected.get("elements");
            seenElements = seen.get("elements");
        }
        if (!seenElements.isArray() || seenElements.size() != expectedElements.size()) {
            return false;
        }
        for (int i = 0; i < expectedElements.size(); i++) {
            value(place, "[" + i + "]", kinds.of().get(i), expectedElements.get(i), seenElements.get(i));
        }
        return true;
    }

    /** As many as must be shown, in any order; each of the program's at most once. */
    private boolean sameEntries(Place place, TruthCall.Kinds kinds, JsonNode expected, JsonNode seen) {
        if (!seen.isArray() || seen.size() < kinds.shown()) {
            return false;
        }
        Set<Integer> left = new LinkedHashSet<>();
        // To be tried first, or it would take the square of the entries.
        Map<String, List<Integer>> likely = new HashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            left.add(i);
            likely.computeIfAbsent(expected.get(i).get(0).toString(), key -> new ArrayList<>())
                    .add(i);
        }
        for (JsonNode entry : seen) {
            Stream<Integer> first = likely.getOrDefault(entry.path(0).toString(), List.of()).stream()
                    .filter(left::contains);
            Optional<Integer> same = Stream.concat(first, left.stream())
                    .filter(i -> {
                        TraceComparator trial = new TraceComparator(unreadable, backend, build);
                        trial.entry(place, kinds, i, expected.get(i), entry);
                        return trial.differences.isEmpty();
                    })
                    .findFirst();
            if (same.isEmpty()) {
                return false;
            }
            left.remove(same.get());
            entry(place, kinds, same.get(), expected.get(same.get()), entry);
        }
        return true;
    }

    private void entry(Place place, TruthCall.Kinds kinds, int index, JsonNode expected, JsonNode seen) {
        value(place, "[key]", kinds.of().get(2 * index), expected.get(0), seen.path(0));
        value(place, "[" + expected.get(0) + "]", kinds.of().get(2 * index + 1), expected.get(1), seen.path(1));
    }

    /** The digits of a number may be others as long as they mean the same bits. */
    private static boolean sameFloat(boolean single, JsonNode expected, JsonNode seen) {
        if (!expected.isNumber() || !seen.isNumber()) {
            return expected.isTextual() && expected.equals(seen);
        }
        return single
                ? Float.floatToRawIntBits(expected.floatValue()) == Float.floatToRawIntBits(seen.floatValue())
                : Double.doubleToRawLongBits(expected.doubleValue()) == Double.doubleToRawLongBits(seen.doubleValue());
    }

    private static boolean sameText(JsonNode expected, JsonNode seen) {
        return expected.toString().equals(seen.toString());
    }

    private static boolean sameNames(JsonNode expected, JsonNode seen) {
        return expected.isObject() && seen.isObject() && names(expected).equals(names(seen));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void differ(String where, String type, String expected, String seen) {
        differences.add(new Difference(where, type, expected, seen));
    }
}
