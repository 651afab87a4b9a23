package dev.tracetoll.tracing.ptrace;

/**
 * The way a thread takes from a hit to beyond the displaced instruction. It decides when the hit is captured, always before the thread goes
 * on.
 */
interface HitPath {

    /** Reads the registers and memory of the thread that has hit and makes an event of it; false if the thread is dying. */
    @FunctionalInterface
    interface Capture {
        boolean take();
    }

    /**
     * Takes a thread over a breakpoint that it has just executed, so that it can go on.
     *
     * @param tracee the thread, stopped at the hit
     */
    void pass(Tracee tracee, Breakpoint breakpoint, Capture capture);
}
