package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.TraceCounts;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;

/** What a session makes of hits goes here. Told by one thread at a time, but for {@link #leaves}. */
public interface RecordSink {

    /**
     * Takes a record; records of one goroutine come in their order.
     *
     * @param record as {@link RecordFormat} says, from position 0; not kept
     * @param floats why a floating-point register, by its index, could not be read; null if it was, and is in the record
     */
    void record(ByteBuffer record, IntFunction<String> floats);

    /**
     * The process has executed a program, the same one or another: every call still open is reported, and its goroutines are no more.
     *
     * @param timeNs when, by CLOCK_MONOTONIC
     */
    void executed(long timeNs);

    /** Tells how many events have been lost so far: when any was, a call that seems to have been unwound may just as well have returned. */
    void lostSoFar(long events);

    /**
     * Every record of a hit of which the thread went on before that time has been handed over.
     *
     * @param timeNs CLOCK_MONOTONIC
     */
    default void completeUntil(long timeNs) {
        // Whoever has one source of records does not wait for another.
    }

    /**
     * The probes of functions are taken off from now on: that a call of theirs is not seen returning, or a return's call was not seen, comes from
     * that. May be called by any thread.
     *
     * @param functions the plan's own objects
     */
    void leaves(List<TracedFunction> functions);

    /**
     * Reports every call still open as one whose return will not be seen; nothing comes any more.
     *
     * @param why if not {@link EventAssembler#EXIT}, nobody knows whether a panic under way would have been recovered
     */
    void close(String why);

    /** What has become of the session's records so far; {@code lostCalls} and {@code lostReturns} are the tracer's to say. */
    TraceCounts counts(long lostCalls, long lostReturns);
}
