package dev.tracetoll.tracing;

/**
 * How often the probes of a function were hit: what was lost, or left out where calls are sampled, was hit too.
 *
 * @param entries at its beginning
 * @param exits at its returns
 * @param stops what is known of them where they stop threads
 */
public record FunctionHits(long entries, long exits, Stops stops) {

    /**
     * Of stops.
     *
     * @param apart how many stopped a thread that was not placed beside its tracer: the CPUs of both had to be woken
     * @param heldNs for how long the tracer was busy with them, in ns
     */
    public record Stops(long apart, long heldNs) {

        static final Stops NONE = new Stops(0, 0);

        private Stops plus(Stops other) {
            return new Stops(apart + other.apart, heldNs + other.heldNs);
        }
    }

    /** Where no thread is stopped. */
    public FunctionHits(long entries, long exits) {
        this(entries, exits, Stops.NONE);
    }

    /** All of both. */
    public FunctionHits plus(FunctionHits other) {
        return new FunctionHits(entries + other.entries, exits + other.exits, stops.plus(other.stops));
    }
}
