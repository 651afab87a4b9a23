package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import java.util.stream.Stream;

/**
 * Traces with breakpoints and ptrace(2), the way debuggers do it: {@code int3} at every site, and a stop of the thread at every hit.
 *
 * <p>A process that was launched to be traced dies with the tracer. One that was running already is set free by {@link
 * TraceSession#close()}, which also a normal end of the JVM calls; a JVM killed by SIGKILL leaves its breakpoints behind, and the first
 * hit ends the process.
 */
public final class PtraceTracer implements Tracer {

    /** How a thread gets over the instruction that a breakpoint displaces. */
    enum Way {
        /** It is emulated, or executed in a copy. */
        EMULATE(Technique.PTRACE),
        /** It is single-stepped in a copy. */
        STEP(Technique.PTRACE_STEP),
        /** Every thread is stopped, and the instruction is put back and single-stepped. */
        CLASSIC(Technique.PTRACE_CLASSIC);

        private final Technique technique;

        Way(Technique technique) {
            this.technique = technique;
        }
    }

    private final Way way;
    private final boolean together;

    /** The fast way. */
    public PtraceTracer() {
        this(Technique.PTRACE);
    }

    /** @param technique {@code ptrace}, {@code ptrace-step} or {@code ptrace-classic}, which alone leaves threads where the kernel puts them */
    public PtraceTracer(Technique technique) {
        this(technique, !technique.equals(Technique.PTRACE_CLASSIC));
    }

    /** @param together whether the tracer and the threads that hit often are placed on one CPU */
    public PtraceTracer(Technique technique, boolean together) {
        this.way = Stream.of(Way.values()).filter(each -> each.technique.equals(technique)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(technique + " is no way to trace with ptrace"));
        this.together = together;
    }

    @Override
    public Technique technique() {
        return way.technique;
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        Placement placement = new Placement(together);
        PtraceSession session = new PtraceSession(process, placement,
                published -> new TraceLoop(plan, process, sink, way, placement, published));
        session.start();
        return session;
    }
}
