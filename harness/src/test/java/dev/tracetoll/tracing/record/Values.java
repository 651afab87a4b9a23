package dev.tracetoll.tracing.record;

import dev.tracetoll.tracing.Value;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Values as text that says all of them, and compared. */
public final class Values {

    private static final Value MISSING = new Value.Unreadable("the record was full");
    private static final Value MISSING_BUT_NOT_NIL = new Value.Unreadable("the record was full", true);

    /** A value without those within it, and those. */
    private record Node(String head, List<Value> within) {}

    private Values() {}

    /** All that a value says. */
    public static String say(Value value) {
        Node node = node(value);
        return node.within.isEmpty()
                ? node.head
                : node.head + node.within.stream().map(Values::say).toList();
    }

    /** Whether one is the other, or says that the record was full where it says something else. */
    static boolean isSameOrMissing(Value whole, Value seen) {
        Node node = node(whole);
        Node other = node(seen);
        if (seen.equals(MISSING) || seen.equals(MISSING_BUT_NOT_NIL)) {
            return true;
        }
        if (!node.head.equals(other.head)) {
            return false;
        }
        if (node.within.size() != other.within.size()) {
            // A pointer that is not followed says so, too, in a record that was full.
            return node.within.isEmpty() && other.within.equals(List.of(MISSING));
        }
        for (int i = 0; i < node.within.size(); i++) {
            if (!isSameOrMissing(node.within.get(i), other.within.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Node node(Value value) {
        if (value instanceof Value.Text text) {
            return new Node(HexFormat.of().formatHex(text.bytes()) + "/" + text.length(), List.of());
        }
        if (value instanceof Value.Elements elements) {
            return new Node("elements/" + elements.length(), elements.elements());
        }
        if (value instanceof Value.Struct struct) {
            return new Node(
                    struct.fields().stream().map(Value.Field::name).toList().toString(),
                    struct.fields().stream().map(Value.Field::value).toList());
        }
        if (value instanceof Value.Pointer pointer) {
            return new Node(
                    "pointer " + Long.toHexString(pointer.address()),
                    pointer.value().stream().toList());
        }
        if (value instanceof Value.GoMap map) {
            List<Value> within = new ArrayList<>();
            map.entries()
                    .ifPresent(entries -> entries.forEach(entry -> {
                        within.add(entry.key());
                        within.add(entry.value());
                    }));
            return new Node("map/" + map.length() + (map.entries().isEmpty() ? " unread" : ""), within);
        }
        if (value instanceof Value.Interface dynamic) {
            return new Node("interface " + dynamic.dynamicType(), List.of(dynamic.value()));
        }
        return new Node(value.toString(), List.of());
    }
}
