package dev.tracetoll.golang;

import java.util.List;

/**
 * A receiver, parameter or result of a function.
 *
 * @param name as in the source; unnamed results are {@code ~r0}, {@code ~r1} …
 * @param type its Go type
 * @param parts where its pieces are, in the order of their offsets; empty for a zero-sized value
 */
public record Variable(String name, GoType type, List<Part> parts) {

    public Variable {
        parts = List.copyOf(parts);
    }
}
