package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.tracing.patching.Detour;
import dev.tracetoll.tracing.patching.ForcedCalls;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.totals.HitTallies;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The code that writes records, and the rings that it writes them into, which the process shares with this one. */
final class Recorders implements Detour {

    private final TracePlan plan;
    private final List<Layout> layouts;
    private final RuntimeInternals internals;
    private RingLayout rings;
    private @Nullable ByteBuffer shared;

    /**
     * @param layouts of the records of each site
     * @param processors how many rings there are to be, besides one
     * @param ringBytes the size of each, a power of two
     */
    Recorders(TracePlan plan, List<Layout> layouts, RuntimeInternals internals, int processors, int ringBytes) {
        this.plan = plan;
        this.layouts = layouts;
        this.internals = internals;
        rings = new RingLayout(0, processors, ringBytes, plan.request().guarded() ? HitTallies.bytesOfACopy(plan) : 0);
    }

    /** Where the rings are in the process. */
    RingLayout rings() {
        return rings;
    }

    /** The rings, as they are in the process's memory; once mapped. */
    ByteBuffer shared() {
        return Objects.requireNonNull(shared);
    }

    /** How often each site was hit, of a plan that is guarded; once mapped. */
    HitTallies hits() {
        return new HitTallies(plan, shared(), rings.hits(), rings.stride(), rings.processors() + 1);
    }

    @Override
    public String file() {
        return SharedArea.NAME + "-code";
    }

    @Override
    public void map(ForcedCalls calls, Home home) {
        SharedArea area = SharedArea.map(calls, home, rings.size());
        rings = rings.at(area.address());
        shared = area.memory();
    }

    @Override
    public byte[] code(Home home, Patch patch, long origin) {
        Trampoline.SiteCode records = new RecordCode(
                plan,
                layouts,
                internals,
                rings,
                home.bias(),
                new RecordCode.Image(home.image().start(), home.image().end()));
        return new Trampoline(records, home.bias()).code(patch, origin);
    }
}
