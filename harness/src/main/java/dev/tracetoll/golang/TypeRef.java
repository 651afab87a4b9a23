package dev.tracetoll.golang;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A type that is read when it is asked for, because Go types can refer to themselves. */
public final class TypeRef {

    /** Null once it has been read: what it reads from is not to be kept in memory for it. */
    private @Nullable Supplier<GoType> reader;

    private @Nullable GoType type;

    TypeRef(Supplier<GoType> reader) {
        this.reader = reader;
    }

    /** The type; the same object each time. */
    public GoType get() {
        if (type == null) {
            type = Objects.requireNonNull(reader).get();
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
