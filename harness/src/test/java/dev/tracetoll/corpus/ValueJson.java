package dev.tracetoll.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tracetoll.tracing.Value;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** Captured values in JSON. */
final class ValueJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ValueJson() {}

    static JsonNode of(Value value) {
        if (value instanceof Value.Bool bool) {
            return JSON.booleanNode(bool.value());
        }
        if (value instanceof Value.Signed number) {
            return JSON.numberNode(number.value());
        }
        if (value instanceof Value.Unsigned number) {
            return JSON.numberNode(new BigInteger(Long.toUnsignedString(number.value())));
        }
        if (value instanceof Value.Float32 number) {
            return number(number.value());
        }
        if (value instanceof Value.Float64 number) {
            return number(number.value());
        }
        if (value instanceof Value.Complex number) {
            return JSON.objectNode().<ObjectNode>set("real", of(number.real())).set("imag", of(number.imaginary()));
        }
        if (value instanceof Value.Text text) {
            return text(text);
        }
        if (value instanceof Value.Elements elements) {
            ArrayNode list = list(elements.elements(), ValueJson::of);
            return elements.elements().size() == elements.length() ? list
                    : JSON.objectNode().<ObjectNode>set("elements", list).put("length", elements.length());
        }
        if (value instanceof Value.Struct struct) {
            ObjectNode object = JSON.objectNode();
            struct.fields().forEach(field -> object.set(field.name(), of(field.value())));
            return object;
        }
        return special(value);
    }

    private static JsonNode special(Value value) {
        ObjectNode object = JSON.objectNode();
        if (value instanceof Value.Pointer pointer) {
            object.put("address", "0x" + Long.toHexString(pointer.address()));
            pointer.value().ifPresent(pointee -> object.set("value", of(pointee)));
            return object;
        }
        if (value instanceof Value.GoMap map) {
            object.put("length", map.length());
            map.entries().ifPresent(entries -> object.set("entries",
                    list(entries, entry -> JSON.arrayNode().add(of(entry.key())).add(of(entry.value())))));
            return object;
        }
        if (value instanceof Value.Channel channel) {
            return object.put("length", channel.length()).put("capacity", channel.capacity());
        }
        if (value instanceof Value.Func func) {
            return object.put("function", func.function());
        }
        if (value instanceof Value.Interface held) {
            return object.put("dynamicType", held.dynamicType()).set("value", of(held.value()));
        }
        if (value instanceof Value.Unreadable unreadable) {
            return object.put("unreadable", unreadable.why());
        }
        return JSON.nullNode();
    }

    private static <T> ArrayNode list(List<T> values, Function<T, JsonNode> json) {
        ArrayNode list = JSON.arrayNode();
        values.forEach(each -> list.add(json.apply(each)));
        return list;
    }

    private static JsonNode number(double value) {
        return Double.isNaN(value) ? JSON.textNode("NaN")
                : Double.isInfinite(value) ? JSON.textNode(value > 0 ? "+Inf" : "-Inf") : JSON.numberNode(value);
    }

    private static JsonNode text(Value.Text text) {
        boolean cut = text.bytes().length < text.length();
        ObjectNode object = JSON.objectNode();
        try {
            String plain = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.bytes())).toString();
            if (!cut) {
                return JSON.textNode(plain);
            }
            object.put("prefix", plain);
        } catch (CharacterCodingException e) {
            object.put("hex", HexFormat.of().formatHex(text.bytes()));
        }
        return cut ? object.put("length", text.length()) : object;
    }
}
