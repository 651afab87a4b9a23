package dev.tracetoll.cli;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ebpf.PatchableSites;
import dev.tracetoll.tracing.ebpf.PatchedTracer;
import dev.tracetoll.tracing.plan.SitePricing;
import java.util.function.Consumer;

/** {@code --backend ebpf-patched}. */
final class EbpfPatchedBackend implements Backend {

    @Override
    public String name() {
        return Technique.EBPF_PATCHED.name();
    }

    @Override
    public boolean hasTotals() {
        return true;
    }

    @Override
    public SitePricing pricing() {
        return new PatchableSites();
    }

    @Override
    public int mostGuarded() {
        return EbpfTracer.MOST_GUARDED;
    }

    @Override
    public boolean hasRing() {
        return true;
    }

    @Override
    public Tracer tracer(Collecting collecting, RingOptions ring, Consumer<String> notices) {
        return new PatchedTracer(EbpfBackend.options(collecting, ring), notices);
    }
}
