package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.process.Guard;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Traces with breakpoints and ptrace(2), the way debuggers do it: {@code int3} at every site, and a stop of the thread at every hit.
 *
 * <p>The process is set free by {@link TraceSession#close()}, which also a normal end of the JVM calls. If the JVM is killed, the process dies
 * with it or runs on, as {@link TracedProcess#killOnExit()} says: a {@link dev.tracetoll.linux.process.Guardian} then undoes what was done to it.
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
    private final Consumer<String> notices;

    /**
     * The fast way.
     *
     * @param notices told, a line for the user each, what diminishes the safety of the process
     */
    public PtraceTracer(Consumer<String> notices) {
        this(Way.EMULATE, true, notices);
    }

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
        this(
                Stream.of(Way.values())
                        .filter(each -> each.technique.equals(technique))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(technique + " is no way to trace with ptrace")),
                together,
                notice -> {});
    }

    private PtraceTracer(Way way, boolean together, Consumer<String> notices) {
        this.way = way;
        this.together = together;
        this.notices = notices;
    }

    @Override
    public Technique technique() {
        return way.technique;
    }

    @Override
    public boolean holdsThreads() {
        return true;
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        Placement placement = new Placement(together);
        int sites = plan.sites().size();
        PtraceSession session = new PtraceSession(
                process,
                placement,
                published -> new TraceLoop(
                        plan,
                        process,
                        sink,
                        way,
                        placement,
                        process.killOnExit() ? Guard.none(sites) : Guard.over(process.pid(), sites, notices),
                        published));
        session.start();
        return session;
    }
}
