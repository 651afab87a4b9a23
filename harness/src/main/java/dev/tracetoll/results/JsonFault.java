package dev.tracetoll.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with the JSON of a run, for those who do not know the classes that it becomes. */
final class JsonFault {

    private static final String NULL_FOR_PRIMITIVE = "Cannot map `null` into type";

    private JsonFault() {}

    /** Where in the text it was noticed, to be put behind what was noticed; empty if that is not known. */
    static String position(IOException e) {
        return e instanceof JsonProcessingException json && json.getLocation() != null
                ? " at line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
    }

    /** Which field is wrong, and how. */
    static String inWords(JsonProcessingException e) {
        String where = e instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                        .collect(Collectors.joining())
                : "";
        return (where.isEmpty() ? "" : "at " + (where.startsWith(".") ? where.substring(1) : where) + ": ") + what(e);
    }

    private static String what(JsonProcessingException e) {
        if (e.getCause() instanceof IllegalArgumentException) {
            return firstLine(e.getCause().getMessage());
        }
        if (e.getCause() instanceof NullPointerException) {
            return "a list or an object has a null in it";
        }
        if (e.getOriginalMessage().startsWith(NULL_FOR_PRIMITIVE)) {
            return "it is missing";
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            String found =
                    e instanceof InvalidFormatException invalid ? "\"" + invalid.getValue() + "\" is " : "it is ";
            return found + "no " + kind(mismatch.getTargetType());
        }
        return firstLine(e.getOriginalMessage());
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "damaged" : message.lines().findFirst().orElse("damaged");
    }

    private static String kind(Class<?> type) {
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "whole number, or one too large";
        }
        if (type == double.class || type == Double.class) {
            return "number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type.isEnum()) {
            return "word that this Tracetoll knows here";
        }
        if (Instant.class.isAssignableFrom(type)) {
            return "time";
        }
        return Collection.class.isAssignableFrom(type)
                ? "list"
                : Map.class.isAssignableFrom(type) || type.isRecord() ? "object" : "such value";
    }
}
