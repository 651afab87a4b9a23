package dev.tracetoll.architecture.tracing.ring;

/** A room that techniques share. */
public final class Shared {

    @Override
    public String toString() {
        return "what is shared";
    }
}
