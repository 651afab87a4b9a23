package dev.tracetoll.cli;

import dev.tracetoll.linux.features.KernelFeatures;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.mixed.MixedTracer;
import dev.tracetoll.tracing.patching.PatchedSites;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code --backend inline}. */
final class InlineBackend implements Backend {

    /** As much as eBPF has, for all rings together. */
    private static final int RING_BYTES = 64 << 20;

    @Override
    public String name() {
        return Technique.INLINE.name();
    }

    @Override
    public boolean hasTotals() {
        return true;
    }

    @Override
    public boolean hasWholeTotals() {
        return false;
    }

    @Override
    public boolean choosesCalls() {
        return false;
    }

    @Override
    public SitePricing pricing() {
        return new PatchedSites();
    }

    @Override
    public boolean hasRing() {
        return true;
    }

    @Override
    public boolean fallsBack() {
        return true;
    }

    @Override
    public Traceable fallingBack(
            TracePlan plan, Tracer tracer, Collecting collecting, RingOptions ring, Consumer<String> notices) {
        InlineTracer inline = (InlineTracer) tracer;
        Map<Integer, String> refusals = inline.refusals(plan);
        if (refusals.isEmpty()) {
            return alone(plan, tracer, collecting);
        }
        Feature ebpf = KernelFeatures.ofThisMachine().ebpfTracing();
        if (!ebpf.available()) {
            notices.accept("what cannot be traced inline is not traced by eBPF instead: " + ebpf.detail() + "; "
                    + ebpf.remedy());
            return alone(plan, tracer, collecting);
        }
        Fallback fallback = Fallback.of(plan, refusals);
        return new Traceable(
                fallback.plan(),
                new MixedTracer(inline, new EbpfTracer(EbpfBackend.options(collecting, ring))),
                List.of(
                        new BudgetOption.Priced(fallback.inline(), priced(collecting)),
                        new BudgetOption.Priced(fallback.others(), new EbpfBackend().priced(collecting))),
                Optional.of(fallback));
    }

    @Override
    public InlineTracer tracer(Collecting collecting, RingOptions ring, Consumer<String> notices) {
        RingChoice choice = ring.choice(RING_BYTES);
        Draining draining = choice.drainingOr(Draining.adaptive());
        if (draining.rings()) {
            throw new BadInput(
                    "Nothing wakes the reader of --backend inline, as that would take a system call of the program's; use "
                            + "--wakeup adaptive or timed");
        }
        if (!collecting.inPlace()) {
            return new InlineTracer(choice.bytesOr(RING_BYTES), draining, notices);
        }
        return switch (collecting.what()) {
            case NOTHING -> InlineTracer.idle(notices);
            case COUNT -> InlineTracer.counting(notices);
            case DURATIONS -> InlineTracer.timing(notices);
            case ARGUMENTS, ALL -> throw new IllegalArgumentException(collecting.what() + " has events");
        };
    }
}
