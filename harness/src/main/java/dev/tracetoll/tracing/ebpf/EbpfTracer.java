package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.PartialTracer;
import dev.tracetoll.tracing.record.RecordSink;
import java.util.function.IntPredicate;

/**
 * Traces by uprobes with a BPF program on each probe site, which writes what it captures into a ring buffer.
 *
 * <p>Every argument and result in an integer register or on the stack is read by the BPF program. Floating-point registers are out of a BPF
 * program's reach; where a site needs them, the program sends the thread a SIGURG, as Go's scheduler does to preempt it, and reads them from
 * the signal frame.
 */
public final class EbpfTracer implements PartialTracer {

    /**
     * Of a plan that is guarded, each function has up to three links of its own, each with a file descriptor, of which many systems let a process have 4 096;
     * and each takes a millisecond to attach.
     */
    public static final int MOST_GUARDED = 1000;

    private final EbpfOptions options;

    public EbpfTracer(EbpfOptions options) {
        this.options = options;
    }

    @Override
    public Technique technique() {
        return Technique.EBPF;
    }

    @Override
    public long ringBytes() {
        return options.collect() == Collect.EVENTS ? options.ringBytes() : 0;
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        return attach(new ProbedPlan(plan), process, new EventAssembler(plan, sink), options);
    }

    @Override
    public TraceSession attach(TracePlan plan, IntPredicate sites, TracedProcess process, RecordSink records) {
        return attach(new ProbedPlan(plan, sites), process, records, options);
    }

    static TraceSession attach(ProbedPlan plan, TracedProcess process, RecordSink records, EbpfOptions options) {
        return options.collect() == Collect.EVENTS
                ? new EbpfSession(plan, process, records, options)
                : new SilentSession(plan, process, options);
    }
}
