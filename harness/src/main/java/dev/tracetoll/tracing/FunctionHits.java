package dev.tracetoll.tracing;

/**
 * How often the probes of a function were hit: what was lost, or left out where calls are sampled, was hit too.
 *
 * @param entries at its beginning
 * @param exits at its returns
 * @param apart how many of both stopped a thread that was not placed beside its tracer, where threads are stopped: the CPUs of both had to be woken
 */
public record FunctionHits(long entries, long exits, long apart) {

    /** Where no thread is stopped. */
    public FunctionHits(long entries, long exits) {
        this(entries, exits, 0);
    }

    /** All of both. */
    public FunctionHits plus(FunctionHits other) {
        return new FunctionHits(entries + other.entries, exits + other.exits, apart + other.apart);
    }
}
