package dev.tracetoll.tracing;

/**
 * How often the probes of a function were hit: what was lost, or left out where calls are sampled, was hit too.
 *
 * @param entries at its beginning
 * @param exits at its returns
 */
public record FunctionHits(long entries, long exits) {

    /** All of both. */
    public FunctionHits plus(FunctionHits other) {
        return new FunctionHits(entries + other.entries, exits + other.exits);
    }
}
