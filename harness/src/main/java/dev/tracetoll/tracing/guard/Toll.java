package dev.tracetoll.tracing.guard;

/**
 * What hits of a function's probes cost the program, in ns.
 *
 * @param entry each at its beginning
 * @param exit each at a return
 */
public record Toll(double entry, double exit) {}
