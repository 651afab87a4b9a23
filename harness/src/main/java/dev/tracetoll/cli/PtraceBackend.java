package dev.tracetoll.cli;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.util.function.Consumer;

/** {@code --backend ptrace}. */
final class PtraceBackend implements Backend {

    @Override
    public String name() {
        return Technique.PTRACE.name();
    }

    @Override
    public boolean hasTotals() {
        return false;
    }

    @Override
    public SitePricing pricing() {
        return Emulation.ofThisKernel();
    }

    @Override
    public boolean hasRing() {
        return false;
    }

    @Override
    public Tracer tracer(Collecting collecting, RingOptions ring, Consumer<String> notices) {
        return new PtraceTracer(notices);
    }
}
