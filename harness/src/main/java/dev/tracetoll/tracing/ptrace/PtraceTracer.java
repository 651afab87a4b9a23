package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;

/**
 * Traces with breakpoints and ptrace(2), the way debuggers do it: {@code int3} at every site, every thread stopped at every hit.
 *
 * <p>A process that was launched to be traced dies with the tracer. One that was running already is set free by {@link
 * TraceSession#close()}, which also a normal end of the JVM calls; a JVM killed by SIGKILL leaves its breakpoints behind, and the first
 * hit ends the process.
 */
public final class PtraceTracer implements Tracer {

    @Override
    public Technique technique() {
        return Technique.PTRACE;
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        PtraceSession session = new PtraceSession(process, published -> new TraceLoop(plan, process, sink, published));
        session.start();
        return session;
    }
}
