package dev.tracetoll.golang;

import java.util.function.Supplier;

/** A type that is read when it is asked for, because Go types can refer to themselves. */
public final class TypeRef {

    private Supplier<GoType> reader;
    private GoType type;

    TypeRef(Supplier<GoType> reader) {
        this.reader = reader;
    }

    /** The type; the same object each time. */
    public GoType get() {
        if (type == null) {
            type = reader.get();
            reader = null;
        }
        return type;
    }

    /** Not what it refers to: that would not end for a type that refers to itself. */
    @Override
    public String toString() {
        return type == null ? "…" : type.name();
    }
}
