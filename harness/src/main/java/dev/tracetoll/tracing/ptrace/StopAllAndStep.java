package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.process.Tracees;

/**
 * The classic debugger's way: stop every other thread, put the displaced instruction back, step over it, plant the breakpoint again. No
 * thread can run past the breakpoint meanwhile, and the hit costs a stop of every thread and two more of the one that hit.
 */
final class StopAllAndStep implements HitPath {

    private final Ptrace ptrace;
    private final Tracees tracees;
    private final Breakpoints breakpoints;

    StopAllAndStep(Ptrace ptrace, Tracees tracees, Breakpoints breakpoints) {
        this.ptrace = ptrace;
        this.tracees = tracees;
        this.breakpoints = breakpoints;
    }

    @Override
    public void pass(Tracee tracee, Breakpoint breakpoint, Hit hit) {
        tracees.stopAll();
        if (!hit.capture() || !ptrace.jump(tracee.thread(), breakpoint.address)) {
            return;
        }
        hit.passed();
        if (breakpoints.lift(tracee, breakpoint)) {
            tracees.step(tracee);
            tracees.inMemory(any -> breakpoints.rearm(any, breakpoint));
        }
    }
}
