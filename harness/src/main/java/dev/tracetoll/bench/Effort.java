package dev.tracetoll.bench;

import dev.tracetoll.tracing.Technique;

/**
 * How often a burst is repeated in one round of one arm.
 *
 * @param warmups iterations that are thrown away
 * @param iterations iterations that count
 * @param bursts bursts in each iteration
 */
record Effort(int warmups, int iterations, int bursts) {

    /** An iteration is meant to take about this long, in ns, so that a round visits every arm within seconds. */
    private static final double ITERATION_NS = 3e8;
    private static final int MOST_BURSTS = 50;

    /**
     * Chooses the number of bursts by what a call roughly costs under a technique. The figures (in ns, measured on a 2-core virtual machine
     * with Linux 6.18) only plan the work; nothing published depends on them.
     */
    static Effort of(Technique technique, int calls) {
        double perCallNs = technique.equals(Technique.UNTRACED) ? 150 : technique.equals(Technique.EBPF) ? 50_000 : 3_000_000;
        int bursts = (int) Math.max(1, Math.min(MOST_BURSTS, ITERATION_NS / (perCallNs * calls)));
        return bursts == 1 ? new Effort(1, 2, 1) : new Effort(2, 4, bursts);
    }
}
