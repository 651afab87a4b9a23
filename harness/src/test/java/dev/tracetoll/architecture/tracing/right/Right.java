package dev.tracetoll.architecture.tracing.right;

import dev.tracetoll.architecture.tracing.ring.Shared;

/** A technique that knows none of the others. */
public final class Right {

    private final Shared shared = new Shared();

    @Override
    public String toString() {
        return "right with " + shared;
    }
}
