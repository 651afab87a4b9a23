package dev.tracetoll.tracing.guard;

import dev.tracetoll.tracing.FunctionHits;

/**
 * What hits of a function's probes cost the program, in ns.
 *
 * @param entry each at its beginning
 * @param exit each at a return
 * @param apart more for each that comes {@linkplain FunctionHits#apart apart}
 */
public record Toll(double entry, double exit, double apart) {

    /** What these hits have cost. */
    double of(FunctionHits hits) {
        return hits.entries() * entry + hits.exits() * exit + hits.apart() * apart;
    }
}
