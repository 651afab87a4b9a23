package dev.tracetoll.cli;

import dev.tracetoll.tracing.ebpf.Collect;

/**
 * What {@code trace} finds out about calls, and where.
 *
 * @param what each call is asked for
 * @param totalsBeside whether there are totals of each function beside the events
 * @param inPlace whether it is added up where the calls are, so that the tracer delivers no event
 */
record Collecting(Collected what, boolean totalsBeside, boolean inPlace) {

    /** An event for each call and each return, and no more. */
    static final Collecting EVENTS = new Collecting(Collected.ALL, false, false);

    /** How the BPF programs do it. */
    Collect how() {
        return inPlace ? what.how() : Collect.EVENTS;
    }

    /** Whether each event is shown. */
    boolean events() {
        return what.events();
    }

    /** Whether totals of each function are shown. */
    boolean totals() {
        return totalsBeside || what.totals();
    }

    /** Whether returns are probed. */
    boolean returns() {
        return what.returns();
    }

    boolean nothing() {
        return what == Collected.NOTHING;
    }
}
