package dev.tracetoll.tracing;

import dev.tracetoll.golang.TracedFunction;
import java.util.Comparator;
import java.util.Optional;

/**
 * What was collected of all calls of a function together. With durations, {@code calls} = {@code returns} + {@code noReturns}.
 *
 * @param function which
 * @param calls how many calls began
 * @param returns how many of them returned, each with a duration; 0 without durations
 * @param noReturns how many of them are not known to have returned: they were left by a panic, are still running, or are {@code lost}; 0
 *         without durations
 * @param unpairedReturns how many other returns there were, of calls that began before tracing did or are {@code lost}; 0 without durations
 * @param lost of how many calls the beginning was forgotten, because too many were open; 0 without durations
 * @param durations of calls that began and returned; empty if only calls were counted
 * @param errors of the same calls; empty if only calls were counted, the function returns no error at all, or its returns are not seen
 */
public record FunctionTotal(
        TracedFunction function,
        long calls,
        long returns,
        long noReturns,
        long unpairedReturns,
        long lost,
        Optional<DurationHistogram> durations,
        Optional<ErrorCount> errors) {

    /** Of calls that were counted, and no more. */
    public static FunctionTotal counted(TracedFunction function, long calls) {
        return new FunctionTotal(function, calls, 0, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    /** Those that took most time first or, without durations, those that were called most. */
    public static final Comparator<FunctionTotal> MOST_FIRST = Comparator.comparingLong((FunctionTotal total) ->
                    total.durations.map(DurationHistogram::sumNs).orElse(0L))
            .thenComparingLong(FunctionTotal::calls)
            .thenComparingLong(FunctionTotal::unpairedReturns)
            .reversed()
            .thenComparing(total -> total.function.name());

    /** Whether anything was seen of it. */
    public boolean seen() {
        return calls + unpairedReturns > 0;
    }
}
