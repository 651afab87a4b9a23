package dev.tracetoll.cli;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
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
    public TraceSubject.Protection protection() {
        return TraceSubject.Protection.BY_TRACER;
    }

    @Override
    public boolean countsInTheKernel() {
        return true;
    }

    @Override
    public boolean hasCheapReturns() {
        return false;
    }

    @Override
    public FunctionSelection selection(FunctionSelection matching) {
        return matching;
    }

    @Override
    public SitePricing pricing() {
        return new PatchableSites();
    }

    @Override
    public boolean hasRing() {
        return true;
    }

    @Override
    public Tracer tracer(Collected collected, RingOptions ring, Consumer<String> notices) {
        return new PatchedTracer(EbpfBackend.options(collected, ring), notices);
    }
}
