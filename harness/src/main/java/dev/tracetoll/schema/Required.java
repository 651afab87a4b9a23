package dev.tracetoll.schema;

/** Checks what a record of the schema cannot do without. */
public final class Required {

    /** The largest whole number up to which every reader of JSON tells all from each other, 2^53 − 1 (RFC 8259, section 6). */
    private static final long LARGEST = (1L << 53) - 1;

    private Required() {}

    /** The value; refused if it is null. */
    public static <T> T field(T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("field \"" + name + "\" is missing");
        }
        return value;
    }

    /** The text; refused if it is null or blank. */
    public static String text(String value, String name) {
        if (field(value, name).isBlank()) {
            throw new IllegalArgumentException("field \"" + name + "\" is empty");
        }
        return value;
    }

    /** Refuses what is not above zero, or what not every reader of JSON has exactly. */
    public static void positive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException("field \"" + name + "\" is not positive: " + value);
        }
        notHuge(value, name);
    }

    /** Refuses what is below zero, or what not every reader of JSON has exactly. */
    public static void notNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException("field \"" + name + "\" is negative: " + value);
        }
        notHuge(value, name);
    }

    private static void notHuge(long value, String name) {
        if (value > LARGEST) {
            throw new IllegalArgumentException("field \"" + name + "\" is larger than 2^53 - 1: " + value);
        }
    }
}
