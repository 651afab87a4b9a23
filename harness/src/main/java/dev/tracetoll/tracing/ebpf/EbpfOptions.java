package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.Uprobes;

/**
 * How to trace by eBPF.
 *
 * @param ringBytes size of the ring buffer: a power of two and a multiple of the page
 * @param mode how to attach
 * @param collect what to do with a hit
 * @param compiled whether the most frequent shapes of sites get programs of their own; the others are interpreted
 * @param wakeups whether each record wakes the consumer, as most tools have it; otherwise it looks by itself, and no hit pays for that
 */
public record EbpfOptions(int ringBytes, Uprobes.Mode mode, Collect collect, boolean compiled, boolean wakeups) {

    private static final int DEFAULT_RING_BYTES = 8 << 20;

    /** What is best on this machine. */
    public static EbpfOptions best() {
        return new EbpfOptions(DEFAULT_RING_BYTES, Uprobes.bestMode(), Collect.EVENTS, true, false);
    }

    /** The same with another size of the ring buffer. */
    public EbpfOptions ringBytes(int bytes) {
        return new EbpfOptions(bytes, mode, collect, compiled, wakeups);
    }

    /** The same, collecting something else. */
    public EbpfOptions collect(Collect what) {
        return new EbpfOptions(ringBytes, mode, what, compiled, wakeups);
    }

    /** The same with one program for every site, which interprets a description of it. */
    public EbpfOptions interpreted() {
        return new EbpfOptions(ringBytes, mode, collect, false, wakeups);
    }

    /** The same with a wakeup for each record. */
    public EbpfOptions withWakeups() {
        return new EbpfOptions(ringBytes, mode, collect, compiled, true);
    }
}
