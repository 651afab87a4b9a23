package dev.tracetoll.tracing.source;

import java.util.Set;

/** A way in which a target tells of its calls itself. */
public sealed interface SourceTracer permits FloorTracer, RingTracer, LogTracer, RegionTracer {

    /** The names of the targets whose source has code for it. */
    Set<String> targets();

    /**
     * Makes what the target is to write to.
     *
     * @param goidOffset offset of {@code goid} in {@code runtime.g} of the target, in bytes
     * @param maxBytes how much is kept of each string, in bytes; a way that keeps them whole does not ask
     * @param sink receives the calls, in a thread of the tracer's own
     * @throws dev.tracetoll.problem.OperationFailed if there is no room for it
     */
    SourceSession open(int goidOffset, int maxBytes, CallSink sink);

    /** The room that records wait in until they are read, in bytes; 0 where they wait in the kernel's pipe. */
    long ringBytes();
}
