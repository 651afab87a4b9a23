package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.process.SpareCode;
import dev.tracetoll.process.Tracee;
import java.util.Collection;

/**
 * The way a thread takes from a hit to beyond the displaced instruction. It decides when the hit is captured, always before the thread goes
 * on.
 */
interface HitPath {

    /** A hit that is to be seen to. */
    interface Hit {

        /** Reads the registers and memory of the thread that has hit and makes an event of it; false if the thread is dying. */
        boolean capture();

        /** From here on the thread need not be set back, should tracing fail: it is beyond the displaced instruction, or before it. */
        void passed();
    }

    /** Makes ready for breakpoints that have just been planted, while all threads are stopped. */
    default void prepare(Tracee tracee, Collection<Breakpoint> planted, SpareCode spare) {}

    /**
     * Makes sure that a thread stopped for a signal is in the program's own code, where the signal's handler must find it. Should it have to
     * go on for that, the signal is kept.
     */
    default void beforeSignal(Tracee tracee) {}

    /** Makes sure that a stopped thread is in the program's own code, where the breakpoints are about to be removed. */
    default void beforeRelease(Tracee tracee) {}

    /**
     * Takes a thread over a breakpoint that it has just executed, so that it can go on.
     *
     * @param tracee the thread, stopped at the hit
     */
    void pass(Tracee tracee, Breakpoint breakpoint, Hit hit);
}
