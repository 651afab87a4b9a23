package dev.tracetoll.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The trace that a tracer without faults makes. */
final class PerfectTrace {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PerfectTrace() {}

    static List<JsonNode> of(List<TruthCall> calls) {
        List<JsonNode> lines = new ArrayList<>();
        long id = 0;
        for (TruthCall call : calls) {
            lines.add(event("call", ++id, call).set("arguments", variables(call.arguments())));
            lines.add(event("return", id, call).set("results", variables(call.results())));
        }
        lines.add(JSON.createObjectNode().put("event", "summary").put("lost", 0));
        return lines;
    }

    private static ObjectNode event(String event, long id, TruthCall call) {
        return JSON.createObjectNode()
                .put("event", event)
                .put("id", id)
                .put("function", call.function())
                .put("goroutine", 1);
    }

    private static ArrayNode variables(List<TruthCall.Variable> variables) {
        ArrayNode list = JSON.createArrayNode();
        variables.forEach(each -> list.addObject()
                .put("name", each.name())
                .put("type", each.type())
                .set("value", each.value()));
        return list;
    }
}
