package dev.tracetoll.tracing;

import dev.tracetoll.tracing.plan.TracePlan;

/** A technique of tracing: attaches to processes and reports their calls. */
public interface Tracer {

    /** The technique this tracer implements. */
    Technique technique();

    /** Size of the ring buffer in which events wait for the tracer, in bytes; 0 where they wait in none. */
    default long ringBytes() {
        return 0;
    }

    /** Whether a thread of the process waits, stopped, while its event is delivered: then the sink must not take its time. */
    default boolean holdsThreads() {
        return false;
    }

    /**
     * Says whether a program has what it takes to be traced so, before any process is.
     *
     * @throws dev.tracetoll.problem.Problem if it has not
     */
    default void require(TracePlan plan) {
        // Whatever can be planned can be traced, but for techniques that change the program.
    }

    /**
     * Starts to trace a process. On return every call that the process makes from now on is seen; a process that awaits its
     * {@code exec} is traced from its first instruction once its starter lets it go on.
     *
     * @param plan what to trace
     * @param process whom to trace
     * @param sink receives the events, always from one thread at a time, in the order of each goroutine
     * @throws dev.tracetoll.problem.Problem if the process cannot be traced; nothing stays attached then
     */
    TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink);
}
