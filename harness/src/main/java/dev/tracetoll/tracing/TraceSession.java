package dev.tracetoll.tracing;

import dev.tracetoll.golang.TracedFunction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A process being traced. Closing it detaches: no probe stays behind, the process runs on. */
public interface TraceSession extends AutoCloseable {

    /** The events so far; exact once {@link #settle()} or {@link #close()} has returned. */
    TraceCounts counts();

    /** What was collected of each function of the plan, in its order; exact once closed. Empty if each event went to the sink instead. */
    default List<FunctionTotal> totals() {
        return List.of();
    }

    /**
     * How large the buffer between the process and this one would have had to be for nothing to be lost, in bytes; known once closed. Empty where
     * there is none.
     */
    default OptionalLong ringBytesNeeded() {
        return OptionalLong.empty();
    }

    /**
     * How often the probes of each function of the plan were hit so far, in its order; of a plan that is guarded. May be called by any thread.
     *
     * @throws UnsupportedOperationException if this technique does not know
     */
    default List<FunctionHits> hits() {
        throw new UnsupportedOperationException("hits of single functions are not counted");
    }

    /**
     * Takes off the probes of some functions of a plan that is guarded, while those of others stay. On return they are not hit any more, or only
     * once each. Calls that are open, and whose return is therefore not seen, have {@link TraceEvent.NoReturn#TAKEN_OFF} as their reason. May be
     * called by any thread.
     *
     * @param functions the plan's own objects
     * @throws UnsupportedOperationException if this technique cannot
     */
    default void takeOff(List<TracedFunction> functions) {
        throw new UnsupportedOperationException("single functions cannot be taken off");
    }

    /** Waits until every event of a probe hit before this call has reached the sink or is counted as lost. */
    void settle();

    /**
     * Sees to it that a process which has executed its program anew goes on being traced; to be called every few milliseconds where the process may
     * do so, as it can be waiting for it.
     *
     * @return why nothing of the process is traced any more although it runs on, such as that it now runs another program; empty as long as it is
     *     traced. Holds beyond {@link #close()}
     */
    default Optional<String> follow() {
        return Optional.empty();
    }

    /** Says that no probe will be hit until {@link #resume}: what looks out for events may sleep meanwhile. */
    default void rest() {}

    /** Ends a {@link #rest}. */
    default void resume() {}

    /**
     * Detaches: no probe is hit from now on, and the process runs on. Never waits for the sink; what is under way is left to {@link #close()},
     * which tells what went wrong. A session that never waits for the sink may leave all of it to that.
     */
    default void detach() {}

    /**
     * Detaches, delivers what was still under way, reports open calls as calls without return, and gives back every native resource.
     *
     * @throws dev.tracetoll.problem.OperationFailed if tracing had failed earlier
     */
    @Override
    void close();
}
