package dev.tracetoll.tracing;

/** A captured Go value. What was not read is {@link Unreadable}, never made up. */
public sealed interface Value {

    record Bool(boolean value) implements Value {}

    /** A signed integer of any size. */
    record Signed(long value) implements Value {}

    /** An unsigned integer of any size; the bits of {@code value} taken as unsigned. */
    record Unsigned(long value) implements Value {}

    record Float32(float value) implements Value {}

    record Float64(double value) implements Value {}

    /**
     * A string's bytes.
     *
     * @param bytes what was captured, from the start
     * @param length the string's whole length in bytes; larger than {@code bytes.length} if it was cut
     */
    record Text(byte[] bytes, long length) implements Value {}

    /** A value that was not read, and why. */
    record Unreadable(String why) implements Value {}
}
