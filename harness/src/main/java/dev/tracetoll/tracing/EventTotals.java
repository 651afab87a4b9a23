package dev.tracetoll.tracing;

import dev.tracetoll.golang.TracedFunction;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Totals of functions, made of their events; not thread-safe. */
public final class EventTotals implements EventSink {

    /** What there is of a function. */
    private static final class Total {
        private long calls;
        private long returns;
        private long noReturns;
        private long unpairedReturns;
        private long sumNs;
        private long minNs = Long.MAX_VALUE;
        private long maxNs;
        private long failed;
        private long unknown;
        /** None before the first return: most functions of a program are never called. */
        private long @Nullable [] buckets;

        void returned(TraceEvent.Return event) {
            long ns = event.durationNs();
            returns++;
            sumNs += ns;
            minNs = Math.min(minNs, ns);
            maxNs = Math.max(maxNs, ns);
            if (buckets == null) {
                buckets = new long[DurationBuckets.COUNT];
            }
            buckets[DurationBuckets.of(ns)]++;
            boolean unread = false;
            for (NamedValue result : event.results()) {
                if (result.type().equals(TracedFunction.ERROR)) {
                    if (isError(result.value())) {
                        failed++;
                        return;
                    }
                    unread |= result.value() instanceof Value.Unreadable;
                }
            }
            unknown += unread ? 1 : 0;
        }

        /** {@link TracedFunction#withErrorsAlone} makes a number of what is an interface otherwise. */
        private static boolean isError(Value value) {
            return value instanceof Value.Interface
                    || value instanceof Value.Unsigned word && word.value() != 0
                    || value instanceof Value.Unreadable unreadable && unreadable.notNil();
        }

        DurationHistogram durations() {
            long[] counts = buckets;
            return counts == null
                    ? new DurationHistogram(0, 0, 0, List.of())
                    : DurationHistogram.of(sumNs, minNs, maxNs, bucket -> counts[bucket]);
        }
    }

    private final List<TracedFunction> functions;
    private final boolean withReturns;
    private final Map<TracedFunction, Total> totals = new IdentityHashMap<>();

    /**
     * @param functions those that are traced
     * @param withReturns whether returns are
     */
    public EventTotals(List<TracedFunction> functions, boolean withReturns) {
        this.functions = List.copyOf(functions);
        this.withReturns = withReturns;
    }

    @Override
    public void accept(TraceEvent event) {
        Total total = totals.computeIfAbsent(event.function(), any -> new Total());
        if (event instanceof TraceEvent.Call) {
            total.calls++;
        } else if (event instanceof TraceEvent.Return returned) {
            total.returned(returned);
        } else if (event instanceof TraceEvent.NoReturn) {
            total.noReturns++;
        } else {
            total.unpairedReturns++;
        }
    }

    /** Of each function, in their order, what its events so far come to. */
    public List<FunctionTotal> totals() {
        return functions.stream()
                .map(function -> of(function, totals.getOrDefault(function, new Total())))
                .toList();
    }

    private FunctionTotal of(TracedFunction function, Total total) {
        return withReturns
                ? new FunctionTotal(
                        function,
                        total.calls,
                        total.returns,
                        total.noReturns,
                        total.unpairedReturns,
                        0,
                        Optional.of(total.durations()),
                        function.returns().isEmpty() || function.errors().isEmpty()
                                ? Optional.empty()
                                : Optional.of(new ErrorCount(total.failed, total.unknown)))
                : FunctionTotal.counted(function, total.calls);
    }
}
