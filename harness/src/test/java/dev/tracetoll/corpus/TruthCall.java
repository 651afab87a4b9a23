package dev.tracetoll.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a generated program, as the program itself says.
 *
 * @param function the linker's name of the function, with {@code [...]} for type arguments
 * @param number which call of the function it is, from 0
 * @param arguments the receiver first
 */
record TruthCall(String function, long number, List<Variable> arguments, List<Variable> results) {

    /**
     * An argument or result.
     *
     * @param name its name; {@code _} for a blank or unnamed parameter, {@code ~r0} and so on for results that have no name
     * @param type as Go prints it
     * @param kinds what kinds of values {@code value} consists of
     * @param value what a tracer must report
     */
    record Variable(String name, String type, Kinds kinds, JsonNode value) {
        boolean isBlank() {
            return name.equals("_");
        }
    }

    /**
     * The kinds of a value and of what it consists of.
     *
     * @param kind Go's name of the kind; {@code bytes} for []byte and [N]byte
     * @param of the kinds of the fields, the elements, the keys and values by turns, what is pointed to or held; none where the value is nil
     *     or cut off
     * @param shown of a map, how many entries must be shown at least
     */
    record Kinds(String kind, List<Kinds> of, int shown) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads what a program wrote, one call a line. */
    static List<TruthCall> read(Path file) {
        try {
            List<TruthCall> calls = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                calls.add(parse(line));
            }
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one call. */
    static TruthCall parse(String line) throws IOException {
        JsonNode call = JSON.readTree(line);
        return new TruthCall(
                call.required("function").textValue(),
                call.required("call").longValue(),
                variables(call.required("arguments")),
                variables(call.required("results")));
    }

    private static List<Variable> variables(JsonNode list) {
        List<Variable> variables = new ArrayList<>();
        list.forEach(each -> variables.add(new Variable(
                each.required("name").textValue(),
                each.required("type").textValue(),
                kinds(each.required("kinds")),
                each.required("value"))));
        return variables;
    }

    private static Kinds kinds(JsonNode node) {
        if (node.isTextual()) {
            return new Kinds(node.textValue(), List.of(), 0);
        }
        List<Kinds> of = new ArrayList<>();
        node.required("of").forEach(each -> of.add(kinds(each)));
        return new Kinds(
                node.required("kind").textValue(), of, node.path("shown").asInt());
    }
}
