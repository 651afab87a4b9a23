package dev.tracetoll.architecture.tracing.left;

import dev.tracetoll.architecture.tracing.right.Right;
import dev.tracetoll.architecture.tracing.ring.Shared;

/** A technique that knows another, as none may. */
public final class Left {

    private final Shared shared = new Shared();
    private final Right right = new Right();

    @Override
    public String toString() {
        return "left with " + shared + " and " + right;
    }
}
