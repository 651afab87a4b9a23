package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.ProgramCode;
import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.linux.kernel.TimeStampCounter;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.patching.IntactCode;
import dev.tracetoll.tracing.patching.Leftovers;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.patching.PatchPlanner;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.Draining;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Traces by jumps into code of its own within the process, which writes records into memory that both share: no trap, no stop, no system call.
 *
 * <p>It changes the text of the program in memory while it traces. It reads what integer and floating-point registers and the stack have, and
 * follows references from there where it is certain that they lead to memory of the program or of Go's heap.
 */
public final class InlineTracer implements Tracer {

    /** More rings than there are processors: GOMAXPROCS can be larger. */
    private static final int FEWEST_RINGS = 8;

    private final int ringBytes;
    private final Draining draining;
    private final Consumer<String> notices;

    /**
     * One whose rings are together as large as is said.
     *
     * @param ringBytes a power of two
     * @param draining when to look into them
     * @param notices told, in a line for the user, what is not traced, and how long the process stood still
     */
    public InlineTracer(int ringBytes, Draining draining, Consumer<String> notices) {
        this.ringBytes = ringBytes;
        this.draining = draining;
        this.notices = notices;
    }

    @Override
    public Technique technique() {
        return Technique.INLINE;
    }

    @Override
    public long ringBytes() {
        return ringBytes;
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        if (!TimeStampCounter.isSteady()) {
            throw new MachineCannot(
                    "Tracing inline",
                    "the time stamp counters of its processors do not count at one rate, or disagree",
                    "use --backend ebpf");
        }
        Leftovers.refuse(process);
        RuntimeInternals internals = Installation.internals(plan, "tracing inline");
        List<Patch> patches = patches(plan);
        IntactCode.require(process, plan.request().binary(), patches);
        List<Layout> layouts =
                plan.sites().stream().map(site -> Layout.of(site, plan)).toList();
        int processors = Math.max(FEWEST_RINGS, Runtime.getRuntime().availableProcessors()) - 1;
        int each = Integer.highestOneBit(ringBytes / (processors + 1));
        Recorders recorders = new Recorders(plan, layouts, internals, processors, each);
        Installation installation = new Installation(plan, process, patches, recorders, internals, notices);
        InlineSession session = new InlineSession(plan, process, sink, layouts, draining, installation, recorders);
        session.start();
        return session;
    }

    private List<Patch> patches(TracePlan plan) {
        List<Patch> patches = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        boolean any = false;
        try (ProgramCode program = ProgramCode.open(plan.request().binary())) {
            PatchPlanner planner = new PatchPlanner(program);
            for (Map.Entry<String, List<Integer>> function :
                    plan.sitesByFunction(site -> true).entrySet()) {
                List<SitePlan> sites =
                        function.getValue().stream().map(plan.sites()::get).toList();
                try {
                    patches.addAll(planner.of(sites, function.getValue()));
                    any |= sites.get(0).function() != null;
                } catch (PatchPlanner.Unpatchable e) {
                    refusals.add(function.getKey() + " cannot be traced inline: " + e.getMessage());
                }
            }
        }
        if (!any) {
            throw new BadInput(refusals.get(0) + "; use --backend ebpf");
        }
        refusals.forEach(notices);
        return patches;
    }
}
