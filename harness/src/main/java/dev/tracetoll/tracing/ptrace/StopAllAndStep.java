package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.Ptrace;

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
    public void pass(Tracee tracee, Breakpoint breakpoint, Capture capture) {
        tracees.stopAll();
        if (!capture.take() || !ptrace.jump(tracee.thread, breakpoint.address)) {
            return;
        }
        tracee.hit = null;
        if (breakpoints.lift(tracee, breakpoint)) {
            tracees.step(tracee);
            tracees.inMemory(any -> breakpoints.rearm(any, breakpoint));
        }
    }
}
