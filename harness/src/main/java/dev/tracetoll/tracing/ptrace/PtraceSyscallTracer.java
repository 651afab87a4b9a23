package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import dev.tracetoll.tracing.syscall.SyscallSink;
import dev.tracetoll.tracing.syscall.SyscallTracer;

/**
 * Traces system calls with ptrace(2), as strace does: by a stop at every entry and every exit, or, filtered, by a seccomp filter in the program
 * that makes it stop only where it writes.
 *
 * <p>The filter stays in the program as long as it runs, and in its children, and works only with a tracer. A process can therefore be traced
 * so only from its start; closing the session ends the reports, while its thread lets the process go on writing, and process and children die
 * with this JVM.
 */
public final class PtraceSyscallTracer implements SyscallTracer {

    private final boolean filtered;

    /** @param filtered whether to use a seccomp filter */
    public PtraceSyscallTracer(boolean filtered) {
        this.filtered = filtered;
    }

    @Override
    public Technique technique() {
        return filtered ? Technique.SYSCALL_SECCOMP : Technique.SYSCALL_PTRACE;
    }

    @Override
    public TraceSession attach(SyscallRequest request, TracedProcess process, SyscallSink sink) {
        PtraceSession session = new PtraceSession(
                process,
                new Placement(false),
                published -> new SyscallLoop(request, process, sink, filtered, published));
        session.start();
        return session;
    }
}
