package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.DurationBuckets;
import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How often each function was called, and how long that took. */
final class DurationTallies implements Tallies {

    /** Calls that can be open at a time, all functions together; a note takes about a hundred bytes. */
    private static final int MOST_NOTES = 1 << 17;
    /** Every CPU has totals of its own as long as all together stay below this; beyond it CPUs share them. */
    private static final int ENOUGH_BYTES = 64 << 20;

    private static final int MOST_BYTES = 1 << 30;

    private final TracePlan plan;
    private final BpfObject object;
    private final int functions;
    private final int copies;
    /** Of each copy, of each function. */
    private final ByteBuffer totals;

    DurationTallies(TracePlan plan, BpfObject object) {
        this.plan = plan;
        this.object = object;
        functions = plan.request().functions().size();
        copies = copies(object, functions);
        totals = object.mapped("totals", copies * functions * Contract.TOTALS_BYTES, false);
    }

    /** Gives the maps the size they need; before the object is loaded. */
    static void size(BpfObject object, ByteBuffer config, int functions) {
        if (functions > MOST_BYTES / Contract.TOTALS_BYTES) {
            throw new BadInput("The durations of " + functions + " functions cannot be collected; choose at most "
                    + MOST_BYTES / Contract.TOTALS_BYTES);
        }
        int copies = copies(object, functions);
        config.putInt(Contract.CONFIG_FUNCTIONS, functions);
        config.putInt(Contract.CONFIG_COPIES, copies);
        object.maxEntries("totals", copies * functions);
        object.maxEntries("notes", MOST_NOTES);
    }

    private static int copies(BpfObject object, int functions) {
        return Math.max(1, Math.min(object.possibleCpus(), ENOUGH_BYTES / Contract.TOTALS_BYTES / functions));
    }

    @Override
    public TraceCounts counts() {
        long calls = 0;
        long returns = 0;
        long unpaired = 0;
        for (int function = 0; function < functions; function++) {
            calls += sum(function, Contract.TOTALS_CALLS);
            returns += sum(function, Contract.TOTALS_RETURNS);
            unpaired += sum(function, Contract.TOTALS_UNMATCHED);
        }
        return new TraceCounts(calls, returns - unpaired, 0, unpaired, 0, 0);
    }

    @Override
    public List<FunctionTotal> totals() {
        long[] open = new long[functions];
        object.forEachValue("notes", note -> open[note.getInt(Contract.NOTE_FUNCTION)]++);
        List<FunctionTotal> all = new ArrayList<>();
        for (int function = 0; function < functions; function++) {
            all.add(total(function, open[function]));
        }
        return all;
    }

    private FunctionTotal total(int function, long open) {
        long calls = sum(function, Contract.TOTALS_CALLS);
        long returns = sum(function, Contract.TOTALS_RETURNS) - sum(function, Contract.TOTALS_UNMATCHED);
        DurationHistogram durations =
                calls + returns == 0 ? new DurationHistogram(0, 0, 0, List.of()) : durations(function);
        TracedFunction which = plan.request().functions().get(function);
        // While calls go on, some are between one count and the next.
        long noReturns = Math.max(0, calls - returns);
        // What is none of these was noted, but the note is gone.
        long lost =
                which.returns().isEmpty() ? 0 : Math.max(0, noReturns - sum(function, Contract.TOTALS_REPLACED) - open);
        return new FunctionTotal(
                which,
                calls,
                returns,
                noReturns,
                sum(function, Contract.TOTALS_UNMATCHED),
                lost,
                Optional.of(durations));
    }

    private DurationHistogram durations(int function) {
        long shortestInverted = 0;
        long longest = 0;
        for (int copy = 0; copy < copies; copy++) {
            long inverted = totals.getLong(at(copy, function) + Contract.TOTALS_SHORTEST_NS);
            shortestInverted = Long.compareUnsigned(inverted, shortestInverted) > 0 ? inverted : shortestInverted;
            longest = Math.max(longest, totals.getLong(at(copy, function) + Contract.TOTALS_LONGEST_NS));
        }
        List<DurationHistogram.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < DurationBuckets.COUNT; i++) {
            long count = sum(function, Contract.TOTALS_BUCKET + i * Long.BYTES);
            if (count > 0) {
                long to = DurationBuckets.from(i + 1);
                boolean last = i == DurationBuckets.COUNT - 1;
                buckets.add(new DurationHistogram.Bucket(
                        DurationBuckets.from(i), last ? Math.max(to, longest + 1) : to, count));
            }
        }
        return new DurationHistogram(
                sum(function, Contract.TOTALS_SUM_NS), shortestInverted == 0 ? 0 : ~shortestInverted, longest, buckets);
    }

    private long sum(int function, int field) {
        long sum = 0;
        for (int copy = 0; copy < copies; copy++) {
            sum += totals.getLong(at(copy, function) + field);
        }
        return sum;
    }

    private int at(int copy, int function) {
        return (copy * functions + function) * Contract.TOTALS_BYTES;
    }
}
