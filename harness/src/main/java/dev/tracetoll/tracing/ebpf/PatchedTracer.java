package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import java.util.function.Consumer;

/**
 * Traces as {@link EbpfTracer} does, with the uprobes elsewhere: jumps in the program's code lead from the sites to nops, on which a uprobe costs no
 * trap since Linux 6.18. The same code moves floating-point registers to where a BPF program can read them.
 *
 * <p>A site that no jump can be at has its own uprobe.
 */
public final class PatchedTracer implements Tracer {

    private final EbpfOptions options;
    private final Consumer<String> notices;

    /** @param notices told, in a line for the user, which sites have no jump, how long the process stood still, and whether hits cost a trap */
    public PatchedTracer(EbpfOptions options, Consumer<String> notices) {
        this.options = options;
        this.notices = notices;
    }

    @Override
    public Technique technique() {
        return Technique.EBPF_PATCHED;
    }

    @Override
    public long ringBytes() {
        return options.collect() == Collect.EVENTS ? options.ringBytes() : 0;
    }

    @Override
    public void require(TracePlan plan) {
        Jumps.require(plan);
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        Jumps jumps = Jumps.of(plan, process, notices);
        return EbpfTracer.attach(new ProbedPlan(jumps), process, new EventAssembler(jumps.plan(), sink), options);
    }
}
