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

    /** Of none. */
    public static final Toll NOTHING = new Toll(0, 0, 0);

    /** Of hits that are each made where they are dearer. */
    public Toll dearer(Toll other) {
        return new Toll(Math.max(entry, other.entry), Math.max(exit, other.exit), Math.max(apart, other.apart));
    }

    /** What these hits have cost. */
    double of(FunctionHits hits) {
        return hits.entries() * entry + hits.exits() * exit + hits.apart() * apart;
    }
}
