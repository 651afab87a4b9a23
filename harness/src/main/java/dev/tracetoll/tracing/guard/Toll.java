package dev.tracetoll.tracing.guard;

import dev.tracetoll.tracing.FunctionHits;

/**
 * What hits of a function's probes cost the program, in ns. Where they stop threads, what the tracer does meanwhile comes to it, as it was.
 *
 * @param entry each at its beginning
 * @param exit each at a return
 * @param apart more for each that comes {@linkplain FunctionHits.Stops#apart apart}
 */
public record Toll(double entry, double exit, double apart) {

    /** What these hits have cost. */
    double of(FunctionHits hits) {
        return hits.entries() * entry
                + hits.exits() * exit
                + hits.stops().apart() * apart
                + hits.stops().heldNs();
    }
}
