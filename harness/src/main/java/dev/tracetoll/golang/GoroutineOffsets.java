package dev.tracetoll.golang;

/**
 * Offsets in {@code runtime.g}, in bytes.
 *
 * @param goid of {@code goid}
 * @param stackHi of {@code stack.hi}
 */
record GoroutineOffsets(int goid, int stackHi) {}
