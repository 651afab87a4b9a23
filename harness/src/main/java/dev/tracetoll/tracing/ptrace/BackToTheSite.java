package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.process.Tracee;

/**
 * The way to undo a hit where tracing has failed: the thread is set back to the displaced instruction, which it executes once the
 * breakpoints are removed. Nothing is captured.
 */
final class BackToTheSite implements HitPath {

    private final Ptrace ptrace;

    BackToTheSite(Ptrace ptrace) {
        this.ptrace = ptrace;
    }

    @Override
    public void pass(Tracee tracee, Breakpoint breakpoint, Hit hit) {
        ptrace.jump(tracee.thread(), breakpoint.address);
        hit.passed();
    }
}
