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
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.patching.IntactCode;
import dev.tracetoll.tracing.patching.Leftovers;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.patching.PatchPlanner;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.PartialTracer;
import dev.tracetoll.tracing.record.RecordSink;
import dev.tracetoll.tracing.ring.Draining;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Traces by jumps into code of its own within the process, which writes records into memory that both share: no trap, no stop, no system call.
 *
 * <p>It changes the text of the program in memory while it traces. It reads what integer and floating-point registers and the stack have, and
 * follows references from there where it is certain that they lead to memory of the program or of Go's heap.
 */
public final class InlineTracer implements PartialTracer {

    /** More rings than there are processors: GOMAXPROCS can be larger. */
    private static final int FEWEST_RINGS = 8;

    /** In so long a time the rate of the processor's counter is known to two millionths. */
    private static final long CALIBRATION_NS = 10_000_000;

    /** Why a function cannot be timed. */
    static final String NO_REGISTERS = "no three registers are known to be free where it begins or returns";

    private final Collect collect;
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
        this(Collect.EVENTS, ringBytes, draining, notices);
    }

    /** One that only pays for its jumps. */
    public static InlineTracer idle(Consumer<String> notices) {
        return new InlineTracer(Collect.NOTHING, 0, Draining.adaptive(), notices);
    }

    /** One that counts calls in the process itself, without events. */
    public static InlineTracer counting(Consumer<String> notices) {
        return new InlineTracer(Collect.COUNT, 0, Draining.adaptive(), notices);
    }

    /** One that measures how long calls take in the process itself, without events. */
    public static InlineTracer timing(Consumer<String> notices) {
        return new InlineTracer(Collect.DURATIONS, 0, Draining.adaptive(), notices);
    }

    private InlineTracer(Collect collect, int ringBytes, Draining draining, Consumer<String> notices) {
        this.collect = collect;
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
    public void require(TracePlan plan) {
        internals(plan);
        patches(plan, refusal -> {});
    }

    private static RuntimeInternals internals(TracePlan plan) {
        return Installation.internals(plan, "tracing inline");
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        return attach(plan, process, new EventAssembler(plan, sink), () -> patches(plan, notices));
    }

    @Override
    public TraceSession attach(TracePlan plan, IntPredicate sites, TracedProcess process, RecordSink records) {
        return attach(plan, process, records, () -> PartialPatches.of(plan, sites, collect));
    }

    /**
     * What of a plan cannot be traced so: of the numbers of its sites why not. Where a value leads to what is not followed, that holds for all sites
     * of the function, and so it does where one site cannot be patched and calls are timed.
     *
     * @throws BadInput if the program does not say what has to be known of it
     */
    public Map<Integer, String> refusals(TracePlan plan) {
        internals(plan);
        return PartialPatches.refusals(plan, collect);
    }

    private TraceSession attach(
            TracePlan plan, TracedProcess process, RecordSink records, Supplier<List<Patch>> planned) {
        if (!TimeStampCounter.isSteady()) {
            throw new MachineCannot(
                    "Tracing inline",
                    "the time stamp counters of its processors do not count at one rate, or disagree",
                    "use --backend ebpf");
        }
        CounterClock clock = new CounterClock();
        Leftovers.refuse(process);
        RuntimeInternals internals = internals(plan);
        List<Patch> patches = planned.get();
        IntactCode.require(process, plan.request().binary(), patches);
        int processors = Math.max(FEWEST_RINGS, Runtime.getRuntime().availableProcessors()) - 1;
        if (collect != Collect.EVENTS) {
            double nsPerCount = collect == Collect.DURATIONS ? clock.nsPerCount(CALIBRATION_NS) : 0;
            Totals totals = new Totals(plan, collect, internals, processors, nsPerCount);
            TotalSession session = new TotalSession(
                    plan,
                    process,
                    new Installation(plan, process, patches, totals, internals, notices),
                    totals,
                    patches.stream()
                            .flatMap(patch -> patch.recordings().stream())
                            .map(recording -> Objects.requireNonNull(
                                    plan.sites().get(recording.site()).function()))
                            .toList());
            session.start();
            return session;
        }
        List<Layout> layouts =
                plan.sites().stream().map(site -> Layout.of(site, plan)).toList();
        int each = Integer.highestOneBit(ringBytes / (processors + 1));
        Recorders recorders = new Recorders(plan, layouts, internals, processors, each);
        Installation installation = new Installation(plan, process, patches, recorders, internals, notices);
        InlineSession session =
                new InlineSession(plan, process, records, layouts, clock, draining, installation, recorders);
        session.start();
        return session;
    }

    private List<Patch> patches(TracePlan plan, Consumer<String> leftOut) {
        List<Patch> patches = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        boolean any = false;
        try (ProgramCode program = ProgramCode.open(plan.request().binary())) {
            PatchPlanner planner = new PatchPlanner(program);
            // Where there are no events, nothing says why calls do not return.
            for (Map.Entry<String, List<Integer>> function : plan.sitesByFunction(site ->
                            collect == Collect.EVENTS || plan.sites().get(site).function() != null)
                    .entrySet()) {
                List<SitePlan> sites =
                        function.getValue().stream().map(plan.sites()::get).toList();
                if (collect == Collect.DURATIONS && !canBeTimed(sites)) {
                    refusals.add(function.getKey() + " cannot be timed inline: " + NO_REGISTERS);
                    continue;
                }
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
        refusals.forEach(leftOut);
        return patches;
    }

    static boolean canBeTimed(List<SitePlan> sites) {
        return sites.stream().noneMatch(SitePlan::isReturn)
                || sites.stream().allMatch(site -> FreedRegisters.of(site).isPresent());
    }
}
