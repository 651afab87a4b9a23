package dev.tracetoll.tracing.format;

import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.tracing.ErrorCount;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.guard.Spending;
import dev.tracetoll.tracing.plan.Sampling;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * What there is to say when tracing is over.
 *
 * @param collected whether anything was; otherwise the counts say nothing
 * @param calls calls written, one by one or in totals
 * @param returns returns of these calls written; where returns are collected, {@code calls} = {@code returns} + {@code noReturns}
 * @param noReturns calls without return written
 * @param unpairedReturns returns written of calls that were not, because they began before tracing did or were lost
 * @param lost events lost, of calls and returns together
 * @param errors how many of the returns were of errors, all functions together that have totals; empty where none has such a result
 * @param fallback what another technique saw than the one that was asked for; empty if that one was to see all
 * @param sampled what was left out where calls were sampled; empty if all were wanted
 * @param spending what tracing has cost the program where it has a budget; empty if it has none
 * @param sufficientRingBytes a size of the ring buffer with which none would have been lost in it; empty where none was
 * @param targetExit how the program ended; empty if it runs on, or was not started by Tracetoll, so that only its parent learns how it ends
 */
public record TraceSummary(
        boolean collected,
        long calls,
        long returns,
        long noReturns,
        long unpairedReturns,
        long lost,
        Optional<ErrorCount> errors,
        Optional<Fallback> fallback,
        Optional<Sampled> sampled,
        Optional<Spending> spending,
        OptionalLong sufficientRingBytes,
        Optional<ExitStatus> targetExit) {

    /**
     * That a technique saw what another one, which was asked for, could not.
     *
     * @param technique which
     * @param events how many of the calls and returns it saw
     */
    public record Fallback(Technique technique, long events) {}

    /**
     * That calls were sampled.
     *
     * @param how which were chosen
     * @param leftOutCalls how many calls were not
     * @param leftOutReturns how many of their returns there were
     */
    public record Sampled(Sampling how, long leftOutCalls, long leftOutReturns) {}

    /** Of what was collected, with nothing lost in the ring buffer. */
    public TraceSummary(
            long calls,
            long returns,
            long noReturns,
            long unpairedReturns,
            long lost,
            Optional<ExitStatus> targetExit) {
        this(
                true,
                calls,
                returns,
                noReturns,
                unpairedReturns,
                lost,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                targetExit);
    }

    /** Of a trace that collected nothing. */
    public static TraceSummary ofNothing(Optional<ExitStatus> targetExit) {
        return new TraceSummary(
                false,
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                targetExit);
    }

    /**
     * Of what was collected of each function.
     *
     * @param lost events lost before anything was added up
     */
    public static TraceSummary of(
            List<FunctionTotal> totals,
            long lost,
            Optional<Fallback> fallback,
            Optional<Sampled> sampled,
            Optional<Spending> spending,
            OptionalLong sufficientRingBytes,
            Optional<ExitStatus> targetExit) {
        return new TraceSummary(
                true,
                sum(totals, FunctionTotal::calls),
                sum(totals, FunctionTotal::returns),
                sum(totals, FunctionTotal::noReturns),
                sum(totals, FunctionTotal::unpairedReturns),
                lost + sum(totals, FunctionTotal::lost),
                totals.stream()
                        .flatMap(total -> total.errors().stream())
                        .reduce((a, b) -> new ErrorCount(a.failed() + b.failed(), a.unknown() + b.unknown())),
                fallback,
                sampled,
                spending,
                sufficientRingBytes,
                targetExit);
    }

    private static long sum(List<FunctionTotal> totals, ToLongFunction<FunctionTotal> number) {
        return totals.stream().mapToLong(number).sum();
    }
}
