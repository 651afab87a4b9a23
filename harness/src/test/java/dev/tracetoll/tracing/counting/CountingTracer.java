package dev.tracetoll.tracing.counting;

import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;

/** A technique for tests, in a package of its own as each has: it sees no process, and counts how often it was asked what it has seen. */
public final class CountingTracer implements Tracer {

    /** Its name in the registry. */
    public static final String NAME = "counting";

    @Override
    public Technique technique() {
        return new Technique(NAME);
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        return new TraceSession() {
            private long calls;

            @Override
            public TraceCounts counts() {
                return new TraceCounts(calls, 0, 0, 0, 0);
            }

            @Override
            public void settle() {
                calls++;
            }

            @Override
            public void close() {}
        };
    }
}
