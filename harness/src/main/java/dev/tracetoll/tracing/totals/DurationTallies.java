package dev.tracetoll.tracing.totals;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.ErrorCount;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** How often each function was called, and how long that took. */
public final class DurationTallies implements Tallies {

    /** Every processor has totals of its own as long as all together stay below this; beyond it processors share them. */
    private static final int ENOUGH_BYTES = 64 << 20;

    private static final int MOST_BYTES = 1 << 30;

    /** Tells which functions calls are of that have not returned. */
    @FunctionalInterface
    public interface OpenCalls {
        /**
         * Looks for them.
         *
         * @param each told the number of the function of each
         */
        void forEach(IntConsumer each);
    }

    private final TracePlan plan;
    private final TotalsFormat format;
    private final int functions;
    private final ByteBuffer totals;
    private final int copies;
    private final OpenCalls open;

    /**
     * The tallies of a plan.
     *
     * @param totals of each copy, of each function
     * @param copies how many there are: see {@link #copies}
     * @param open the calls that have begun and not returned, as far as it is known
     */
    public DurationTallies(TracePlan plan, TotalsFormat format, ByteBuffer totals, int copies, OpenCalls open) {
        this.plan = plan;
        this.format = format;
        this.totals = totals;
        this.copies = copies;
        this.open = open;
        functions = plan.request().functions().size();
    }

    /**
     * How many copies there are to be of the totals of all functions; at least one.
     *
     * @param wanted so many that nobody has to share
     * @throws BadInput if even one takes too much memory
     */
    public static int copies(TotalsFormat format, int functions, int wanted) {
        if (functions > MOST_BYTES / format.bytes()) {
            throw new BadInput("The durations of " + functions + " functions cannot be collected; choose at most "
                    + MOST_BYTES / format.bytes());
        }
        return Math.max(1, Math.min(wanted, ENOUGH_BYTES / format.bytes() / functions));
    }

    @Override
    public TraceCounts counts() {
        long calls = 0;
        long returns = 0;
        long unpaired = 0;
        long leftOutCalls = 0;
        long leftOutReturns = 0;
        for (int function = 0; function < functions; function++) {
            calls += sum(function, format.calls());
            returns += sum(function, format.returns());
            unpaired += sum(function, format.unmatched());
            leftOutCalls += sum(function, format.leftOutCalls());
            leftOutReturns += sum(function, format.leftOutReturns());
        }
        return new TraceCounts(calls, returns - unpaired, 0, unpaired, 0, 0, leftOutCalls, leftOutReturns);
    }

    @Override
    public List<FunctionHits> hits() {
        return IntStream.range(0, functions)
                .mapToObj(function -> new FunctionHits(
                        sum(function, format.calls()) + sum(function, format.leftOutCalls()),
                        sum(function, format.returns()) + sum(function, format.leftOutReturns())))
                .toList();
    }

    @Override
    public List<FunctionTotal> totals() {
        long[] openOf = new long[functions];
        open.forEach(function -> openOf[function]++);
        List<FunctionTotal> all = new ArrayList<>();
        for (int function = 0; function < functions; function++) {
            all.add(total(function, openOf[function]));
        }
        return all;
    }

    private FunctionTotal total(int function, long stillOpen) {
        long calls = sum(function, format.calls());
        long returns = sum(function, format.returns()) - sum(function, format.unmatched());
        DurationHistogram durations =
                calls + returns == 0 ? new DurationHistogram(0, 0, 0, List.of()) : durations(function);
        TracedFunction which = plan.request().functions().get(function);
        // While calls go on, some are between one count and the next.
        long noReturns = Math.max(0, calls - returns);
        // What is none of these was noted, but the note is gone.
        long lost =
                which.returns().isEmpty() ? 0 : Math.max(0, noReturns - sum(function, format.replaced()) - stillOpen);
        return new FunctionTotal(
                which,
                calls,
                returns,
                noReturns,
                sum(function, format.unmatched()),
                lost,
                Optional.of(durations),
                errors(function, which));
    }

    private Optional<ErrorCount> errors(int function, TracedFunction which) {
        int results = which.errors().size();
        return which.returns().isEmpty() || results == 0 || results > TotalsFormat.MOST_ERRORS || !format.hasErrors()
                ? Optional.empty()
                : Optional.of(new ErrorCount(sum(function, format.errors()), sum(function, format.unknownErrors())));
    }

    private DurationHistogram durations(int function) {
        long shortestInverted = 0;
        long longest = 0;
        for (int copy = 0; copy < copies; copy++) {
            long inverted = totals.getLong(at(copy, function) + format.shortestNs());
            shortestInverted = Long.compareUnsigned(inverted, shortestInverted) > 0 ? inverted : shortestInverted;
            longest = Math.max(longest, totals.getLong(at(copy, function) + format.longestNs()));
        }
        return DurationHistogram.of(
                sum(function, format.sumNs()),
                shortestInverted == 0 ? 0 : ~shortestInverted,
                longest,
                bucket -> sum(function, format.bucket() + bucket * Long.BYTES));
    }

    /** All copies of a count together; 0 if it is not counted. */
    private long sum(int function, int field) {
        if (field == TotalsFormat.NONE) {
            return 0;
        }
        long sum = 0;
        for (int copy = 0; copy < copies; copy++) {
            sum += totals.getLong(at(copy, function) + field);
        }
        return sum;
    }

    private int at(int copy, int function) {
        return (copy * functions + function) * format.bytes();
    }
}
