package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.patching.Detour;
import dev.tracetoll.tracing.patching.ForcedCalls;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.totals.DurationTallies;
import dev.tracetoll.tracing.totals.HitTallies;
import dev.tracetoll.tracing.totals.Tallies;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The code that counts, or measures, and the memory that it does that in, which the process shares with this one. */
final class Totals implements Detour {

    private final TracePlan plan;
    private final Collect collect;
    private final RuntimeInternals internals;
    private final long factor;
    private final Map<TracedFunction, Integer> functions = new IdentityHashMap<>();
    private TotalsLayout layout;
    private @Nullable ByteBuffer shared;

    /**
     * Those of a plan.
     *
     * @param processors how many processors of the runtime are to have totals of their own
     * @param nsPerCount how long it takes the processor's counter to count one
     */
    Totals(TracePlan plan, Collect collect, RuntimeInternals internals, int processors, double nsPerCount) {
        this.plan = plan;
        this.collect = collect;
        this.internals = internals;
        factor = Math.round(Math.scalb(nsPerCount, TotalCode.FACTOR_BITS));
        layout = TotalsLayout.of(plan, collect, processors);
        plan.request().functions().forEach(function -> functions.put(function, functions.size()));
    }

    @Override
    public String file() {
        return SharedArea.NAME + "-code";
    }

    @Override
    public void map(ForcedCalls calls, Home home) {
        SharedArea area = SharedArea.map(calls, home, layout.size());
        layout = layout.at(area.address());
        shared = area.memory();
    }

    @Override
    public byte[] code(Home home, Patch patch, long origin) {
        return new Trampoline(new TotalCode(plan, collect, internals, layout, functions, factor), home.bias())
                .code(patch, origin);
    }

    /** What there is in the memory; once mapped. */
    Tallies tallies() {
        ByteBuffer memory = Objects.requireNonNull(shared);
        ByteBuffer copies = memory.slice(layout.notesBytes(), memory.capacity() - layout.notesBytes())
                .order(memory.order());
        return collect == Collect.DURATIONS
                ? new DurationTallies(plan, TotalsLayout.FORMAT, copies, layout.copies(), each -> open(memory, each))
                : new HitTallies(plan, copies, layout.copies());
    }

    private void open(ByteBuffer memory, IntConsumer each) {
        for (int bucket = 0; bucket < layout.notesBytes(); bucket += TotalsLayout.BUCKET_BYTES) {
            for (int note = bucket; note < bucket + TotalsLayout.FRAME; note += Long.BYTES) {
                if (memory.getLong(note + TotalsLayout.GOROUTINE) != 0) {
                    each.accept((int) memory.getLong(note + TotalsLayout.FUNCTION));
                }
            }
        }
    }
}
