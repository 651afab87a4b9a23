package dev.tracetoll.golang;

/**
 * Where the Go runtime keeps what a tracer reads.
 *
 * @param goidOffset offset of {@code goid} in {@code runtime.g}, in bytes
 * @param stackHiOffset offset of {@code stack.hi} in {@code runtime.g}, in bytes
 */
public record RuntimeLayout(int goidOffset, int stackHiOffset) {}
