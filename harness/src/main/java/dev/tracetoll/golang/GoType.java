package dev.tracetoll.golang;

import java.util.List;

/** A Go type, as far as a tracer needs it: how large a value is and what its bytes mean. */
public sealed interface GoType {

    /** The type as Go prints it, for example {@code []int} or {@code *main.T}. */
    String name();

    /** Size of a value in bytes. */
    int size();

    /** Alignment of a value in bytes. */
    int align();

    /** Kinds of {@link Basic} types. */
    enum BasicKind {
        BOOL, INT, UINT, FLOAT, COMPLEX
    }

    /** bool, any integer (uintptr and unsafe.Pointer count as unsigned), floats and complex numbers. */
    record Basic(String name, BasicKind kind, int size) implements GoType {
        @Override
        public int align() {
            return kind == BasicKind.COMPLEX ? size / 2 : size;
        }
    }

    /** A string: a pointer and a length. */
    record Text(String name) implements GoType {
        @Override
        public int size() {
            return 16;
        }

        @Override
        public int align() {
            return 8;
        }
    }

    /** What is one pointer wide: pointers, maps, channels, funcs. */
    record Pointer(String name) implements GoType {
        @Override
        public int size() {
            return 8;
        }

        @Override
        public int align() {
            return 8;
        }
    }

    /** A slice: pointer, length, capacity. */
    record Slice(String name) implements GoType {
        @Override
        public int size() {
            return 24;
        }

        @Override
        public int align() {
            return 8;
        }
    }

    /** An interface: a type word and a data word. */
    record Interface(String name) implements GoType {
        @Override
        public int size() {
            return 16;
        }

        @Override
        public int align() {
            return 8;
        }
    }

    /** An array. */
    record Array(String name, GoType element, int length, int size) implements GoType {
        @Override
        public int align() {
            return element.align();
        }
    }

    /** A struct. */
    record Struct(String name, List<Field> fields, int size) implements GoType {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public int align() {
            return fields.stream().mapToInt(f -> f.type().align()).max().orElse(1);
        }
    }

    /** A field of a {@link Struct}; {@code offset} in bytes from its start. */
    record Field(String name, GoType type, int offset) {}

    /** A type the binary does not describe well enough; {@code why} in plain words. */
    record Unknown(String name, int size, String why) implements GoType {
        @Override
        public int align() {
            return 1;
        }
    }
}
