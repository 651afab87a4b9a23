package dev.tracetoll.tracing.syscall;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;

/**
 * A technique of tracing system calls. In the counts of its sessions, entries are calls and exits are returns.
 *
 * <p>A process is followed through its threads and through the programs that it executes. Its children are not traced.
 */
public interface SyscallTracer {

    /** The technique this tracer implements. */
    Technique technique();

    /**
     * Starts to trace a process. On return every call that it makes from now on is seen; of one that awaits its {@code exec}, every call of
     * the program that it executes.
     *
     * @param request what to trace
     * @param process whom to trace
     * @param sink receives the events, always from one thread at a time, in the order of each thread
     * @throws dev.tracetoll.problem.Problem if the process cannot be traced; nothing stays attached then
     */
    TraceSession attach(SyscallRequest request, TracedProcess process, SyscallSink sink);
}
