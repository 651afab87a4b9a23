package dev.tracetoll.results;

/** Checks what a record of the schema cannot do without. */
final class Required {

    private Required() {}

    static <T> T field(T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("field \"" + name + "\" is missing");
        }
        return value;
    }

    static String text(String value, String name) {
        if (field(value, name).isBlank()) {
            throw new IllegalArgumentException("field \"" + name + "\" is empty");
        }
        return value;
    }

    static void notNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException("field \"" + name + "\" is negative: " + value);
        }
    }
}
