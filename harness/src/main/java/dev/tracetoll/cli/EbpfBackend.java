package dev.tracetoll.cli;

import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.linux.features.KernelFeatures;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.util.function.Consumer;

/** {@code --backend ebpf}. */
final class EbpfBackend implements Backend {

    /** What is drained has to be written as well: with every function of a busy program traced, bursts are longer than benchmarks'. */
    private static final int RING_BYTES = 64 << 20;

    @Override
    public String name() {
        return Technique.EBPF.name();
    }

    @Override
    public TraceSubject.Protection protection() {
        return TraceSubject.Protection.CONTINUED;
    }

    @Override
    public boolean hasTotals() {
        return true;
    }

    @Override
    public boolean hasCheapReturns() {
        return true;
    }

    @Override
    public FunctionSelection selection(FunctionSelection matching) {
        return matching.underEbpf();
    }

    @Override
    public SitePricing pricing() {
        return Emulation.ofThisKernel();
    }

    @Override
    public Technique priced(Collecting collecting) {
        return collecting.how() == Collect.COUNT ? ProgramMeasurement.COUNTING : Technique.EBPF;
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
        return new EbpfTracer(options(collecting, ring));
    }

    /**
     * How to trace by eBPF.
     *
     * @throws MachineCannot if this machine cannot
     */
    static EbpfOptions options(Collecting collecting, RingOptions ring) {
        require(", or use --backend ptrace");
        return EbpfOptions.best()
                .ringBytes(RING_BYTES)
                .ring(ring.choice(RING_BYTES))
                .collect(collecting.how());
    }

    /**
     * Refuses what needs eBPF where there is none.
     *
     * @param orElse what else somebody may do, behind the remedy
     * @throws MachineCannot if this machine cannot trace so
     */
    static void require(String orElse) {
        Feature ebpf = KernelFeatures.ofThisMachine().ebpfTracing();
        if (!ebpf.available()) {
            throw new MachineCannot(ebpf.name(), ebpf.detail(), ebpf.remedy() + orElse);
        }
    }
}
