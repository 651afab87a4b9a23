package dev.tracetoll.tracing;

import java.util.List;
import java.util.Optional;

/** A captured Go value. What was not read is {@link Unreadable} or visibly cut, never made up. */
public sealed interface Value {

    record Bool(boolean value) implements Value {}

    /** A signed integer of any size. */
    record Signed(long value) implements Value {}

    /** A {@code time.Duration}: a signed integer that is known to be of nanoseconds. */
    record Duration(long ns) implements Value {}

    /** An unsigned integer of any size; the bits of {@code value} taken as unsigned. */
    record Unsigned(long value) implements Value {}

    record Float32(float value) implements Value {}

    record Float64(double value) implements Value {}

    /** A complex number; both parts are {@link Float32} or both {@link Float64}. */
    record Complex(Value real, Value imaginary) implements Value {}

    /**
     * A string, a []byte or a [N]byte.
     *
     * @param bytes what was captured, from the start
     * @param length the whole length in bytes; larger than {@code bytes.length} if it was cut
     */
    record Text(byte[] bytes, long length) implements Value {}

    /**
     * Any other slice or array.
     *
     * @param elements what was captured, from the start
     * @param length the whole length; larger than the number of elements if it was cut
     */
    record Elements(List<Value> elements, long length) implements Value {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** A struct: its fields in order, embedded ones under their type's name, blank ones left out. */
    record Struct(List<Field> fields) implements Value {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    /** A field of a {@link Struct}. */
    record Field(String name, Value value) {}

    /** A nil slice, map, channel, func, interface or pointer. */
    record Nil() implements Value {}

    /**
     * A pointer that is not nil.
     *
     * @param value what it points to; empty beyond the depth asked for
     */
    record Pointer(long address, Optional<Value> value) implements Value {}

    /**
     * A map that is not nil.
     *
     * @param entries the entries, in no particular order, fewer than {@code length} if not all were captured; empty where they were
     *     not read
     */
    record GoMap(long length, Optional<List<Entry>> entries) implements Value {}

    /** An entry of a {@link GoMap}. */
    record Entry(Value key, Value value) {}

    /** A channel that is not nil. */
    record Channel(long length, long capacity) implements Value {}

    /** A func that is not nil: the linker's name of the function it points to. */
    record Func(String function) implements Value {}

    /**
     * An interface that is not nil.
     *
     * @param dynamicType as Go prints it
     */
    record Interface(String dynamicType, Value value) implements Value {}

    /**
     * A value that was not read.
     *
     * @param notNil whether so much is known that it is not nil
     */
    record Unreadable(String why, boolean notNil) implements Value {

        /** One of which nothing is known. */
        public Unreadable(String why) {
            this(why, false);
        }
    }
}
