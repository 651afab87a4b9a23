package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingChoice;

/**
 * How to trace by eBPF.
 *
 * @param ringBytes size of the ring buffer: a power of two and a multiple of the page
 * @param mode how to attach
 * @param collect what to do with a hit
 * @param compiled whether the most frequent shapes of sites get programs of their own; the others are interpreted
 * @param remembers whether compiled programs remember goroutines from hit to hit, where it can be seen when they change
 * @param draining when the consumer looks into the ring buffer
 * @param valueRecords whether each argument and result is a record of its own besides, in the kernel's ring buffer, that wakes the consumer, as Delve
 *        has it; only where {@code draining} waits to be woken, too
 * @param delay multiplications, each waiting for the one before, that a compiled program does in vain at each hit; 0 but for tests of
 *        whether such a delay is found
 */
public record EbpfOptions(
        int ringBytes,
        Uprobes.Mode mode,
        Collect collect,
        boolean compiled,
        boolean remembers,
        Draining draining,
        boolean valueRecords,
        int delay) {

    public EbpfOptions {
        if (valueRecords && !draining.rings()) {
            throw new IllegalArgumentException("nothing would read the records of values");
        }
    }

    private static final int DEFAULT_RING_BYTES = 8 << 20;

    /** What is best on this machine. */
    public static EbpfOptions best() {
        return new EbpfOptions(
                DEFAULT_RING_BYTES, Uprobes.bestMode(), Collect.EVENTS, true, true, Draining.adaptive(), false, 0);
    }

    /** The same with another size of the ring buffer. */
    public EbpfOptions ringBytes(int bytes) {
        return new EbpfOptions(bytes, mode, collect, compiled, remembers, draining, valueRecords, delay);
    }

    /** The same, collecting something else. */
    public EbpfOptions collect(Collect what) {
        return new EbpfOptions(ringBytes, mode, what, compiled, remembers, draining, valueRecords, delay);
    }

    /** The same with one program for every site, which interprets a description of it. */
    public EbpfOptions interpreted() {
        return new EbpfOptions(ringBytes, mode, collect, false, remembers, draining, valueRecords, delay);
    }

    /** The same with the goroutine read at each hit. */
    public EbpfOptions forgetful() {
        return new EbpfOptions(ringBytes, mode, collect, compiled, false, draining, valueRecords, delay);
    }

    /** The same, drained otherwise. */
    public EbpfOptions draining(Draining how) {
        return new EbpfOptions(ringBytes, mode, collect, compiled, remembers, how, valueRecords, delay);
    }

    /** The same with what somebody chose. */
    public EbpfOptions ring(RingChoice choice) {
        return ringBytes(choice.bytesOr(ringBytes)).draining(choice.drainingOr(draining));
    }

    /** The same with a wakeup for each record, as most tools have it. */
    public EbpfOptions withWakeups() {
        return draining(Draining.everyRecords(1));
    }

    /** The same with a wakeup for each record, and each argument and result a record of its own besides, as Delve has it. */
    public EbpfOptions withValueRecords() {
        return new EbpfOptions(ringBytes, mode, collect, compiled, remembers, Draining.everyRecords(1), true, delay);
    }

    /** The same with so many multiplications in vain at each hit of a compiled site. */
    public EbpfOptions delayedBy(int multiplications) {
        return new EbpfOptions(ringBytes, mode, collect, compiled, remembers, draining, valueRecords, multiplications);
    }
}
