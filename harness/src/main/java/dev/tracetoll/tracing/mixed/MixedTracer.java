package dev.tracetoll.tracing.mixed;

import dev.tracetoll.problem.Failing;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.PartialTracer;
import dev.tracetoll.tracing.record.RecordSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Traces the sites of a plan that are {@linkplain SiteClass#PATCHED patched} by one tracer, and the others by another.
 *
 * <p>The other one is the first to attach: it leaves the code alone where the patches are going to be, and they leave alone what it has put there.
 */
public final class MixedTracer implements Tracer {

    private final PartialTracer patching;
    private final PartialTracer other;

    /**
     * @param patching traces what is patched; gives the technique
     * @param other traces what is not
     */
    public MixedTracer(PartialTracer patching, PartialTracer other) {
        this.patching = patching;
        this.other = other;
    }

    @Override
    public Technique technique() {
        return patching.technique();
    }

    @Override
    public long ringBytes() {
        return patching.ringBytes() + other.ringBytes();
    }

    @Override
    public boolean holdsThreads() {
        return patching.holdsThreads() || other.holdsThreads();
    }

    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        List<SitePlan> sites = plan.sites();
        RecordMerger merger = new RecordMerger(new EventAssembler(plan, sink));
        RecordSink ofOther = merger.source();
        RecordSink ofPatching = merger.source();
        IntPredicate patched = site -> sites.get(site).siteClass() == SiteClass.PATCHED;
        List<MixedSession.Part> parts = new ArrayList<>();
        try {
            parts.add(part(other, plan, patched.negate(), process, ofOther));
            parts.add(part(patching, plan, patched, process, ofPatching));
        } catch (RuntimeException | Error e) {
            parts.forEach(part -> Failing.close(part.session(), e));
            throw e;
        }
        merger.begin(process.awaitingExec() ? Long.MIN_VALUE : System.nanoTime());
        return new MixedSession(plan, parts, merger);
    }

    private static MixedSession.Part part(
            PartialTracer tracer, TracePlan plan, IntPredicate sites, TracedProcess process, RecordSink records) {
        return new MixedSession.Part(tracer.attach(plan, sites, process, records), sites);
    }
}
