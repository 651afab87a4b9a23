package dev.tracetoll.tracing;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.plan.SiteClass;
import java.util.List;

/** Something a traced program did. */
public sealed interface TraceEvent {

    /** Ties a return to its call; 1 for the first call of a session. 0 where no call was seen. */
    long id();

    /** The function called. */
    TracedFunction function();

    /** Id of the goroutine, as the Go runtime numbers them; 0 on the scheduler's own stack. */
    long goroutine();

    /**
     * A call has begun.
     *
     * @param thread the kernel's thread id
     * @param depth how many traced calls of this goroutine are open around this one
     * @param timestampNs CLOCK_MONOTONIC, in nanoseconds
     * @param site class of the probe site where it was seen
     */
    record Call(
            long id,
            TracedFunction function,
            long goroutine,
            int thread,
            int depth,
            long timestampNs,
            SiteClass site,
            List<NamedValue> arguments)
            implements TraceEvent {}

    /**
     * A call that was seen has returned.
     *
     * @param durationNs from the call's time stamp to this one's
     * @param site class of the probe site where it was seen, which may differ among the returns of a function
     */
    record Return(
            long id,
            TracedFunction function,
            long goroutine,
            int thread,
            int depth,
            long timestampNs,
            long durationNs,
            SiteClass site,
            List<NamedValue> results)
            implements TraceEvent {}

    /**
     * A call that was not seen has returned; it is none of those that {@link TraceCounts#calls} counts.
     *
     * @param depth how many traced calls of this goroutine are open around it
     * @param why {@code began before tracing}, {@link NoReturn#TAKEN_OFF}, or that events were lost
     */
    record UnpairedReturn(
            TracedFunction function,
            long goroutine,
            int thread,
            int depth,
            long timestampNs,
            SiteClass site,
            String why,
            List<NamedValue> results)
            implements TraceEvent {

        @Override
        public long id() {
            return 0;
        }
    }

    /**
     * A call that will never return, or whose return will not be seen.
     *
     * @param why {@code panic}, {@code goexit}, {@code exit}, {@code detached}, or another plain word
     */
    record NoReturn(long id, TracedFunction function, long goroutine, String why) implements TraceEvent {

        /** The function's probes were taken off while it was called. */
        public static final String TAKEN_OFF = "takenOff";
    }
}
