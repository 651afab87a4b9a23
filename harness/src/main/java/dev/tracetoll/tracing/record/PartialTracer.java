package dev.tracetoll.tracing.record;

import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.function.IntPredicate;

/** A tracer that can leave some sites of a plan to another one, at the same time and in the same process. */
public interface PartialTracer extends Tracer {

    /**
     * As {@link Tracer#attach}, with these differences: only some of the sites are probed, and what is seen there is handed on as records. Once the
     * process has executed a program, tracing is over.
     *
     * @param sites says of the number of a site whether it is one of them
     * @param records receives what is seen; its {@link RecordSink#counts} go into those of the session
     * @throws dev.tracetoll.problem.Problem if the process cannot be traced; nothing stays attached then
     */
    TraceSession attach(TracePlan plan, IntPredicate sites, TracedProcess process, RecordSink records);
}
