package dev.tracetoll.golang;

import java.util.List;
import java.util.Optional;

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
        BOOL,
        INT,
        UINT,
        FLOAT,
        COMPLEX
    }

    /** Types whose values are made of machine words. */
    sealed interface Words extends GoType {
        @Override
        default int align() {
            return Long.BYTES;
        }
    }

    /** bool, any integer (uintptr counts as unsigned), floats and complex numbers. */
    record Basic(String name, BasicKind kind, int size) implements GoType {
        @Override
        public int align() {
            return kind == BasicKind.COMPLEX ? size / 2 : size;
        }
    }

    /** A string: a pointer and a length. */
    record Text(String name) implements Words {
        @Override
        public int size() {
            return 2 * Long.BYTES;
        }
    }

    /**
     * A pointer.
     *
     * @param element what it points to; empty for unsafe.Pointer
     */
    record Pointer(String name, Optional<TypeRef> element) implements Words {
        @Override
        public int size() {
            return Long.BYTES;
        }
    }

    /**
     * A map: a pointer to the runtime's header, whose first word is the number of entries in every version of Go.
     *
     * @param layout where its entries are; empty where the program does not say so
     */
    record GoMap(String name, Optional<MapLayout> layout) implements Words {
        @Override
        public int size() {
            return Long.BYTES;
        }
    }

    /** A key or value that is too large to be kept in its map: a pointer to it. It exists inside of a {@link MapLayout#entry()} alone. */
    record Indirect(TypeRef element) implements Words {
        @Override
        public String name() {
            return element.get().name();
        }

        @Override
        public int size() {
            return Long.BYTES;
        }
    }

    /** A channel: a pointer to {@code runtime.hchan}, which starts with the number of elements and the capacity. */
    record Channel(String name) implements Words {
        @Override
        public int size() {
            return Long.BYTES;
        }
    }

    /** A func: a pointer to a closure, whose first word is the address of the code. */
    record Func(String name) implements Words {
        @Override
        public int size() {
            return Long.BYTES;
        }
    }

    /** A slice: pointer, length, capacity. */
    record Slice(String name, TypeRef element) implements Words {
        @Override
        public int size() {
            return 3 * Long.BYTES;
        }
    }

    /**
     * An interface: a type word and a data word.
     *
     * @param hasMethods whether the type word points to an itab, which has the dynamic type in its second word, or to the type itself
     */
    record Interface(String name, boolean hasMethods) implements Words {
        @Override
        public int size() {
            return 2 * Long.BYTES;
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

    /** A field of a {@link Struct}; {@code offset} in bytes from its start, {@code _} if it is blank. */
    record Field(String name, GoType type, int offset) {}

    /** A type the binary does not describe well enough; {@code why} in plain words. */
    record Unknown(String name, int size, String why) implements GoType {
        @Override
        public int align() {
            return 1;
        }
    }
}
