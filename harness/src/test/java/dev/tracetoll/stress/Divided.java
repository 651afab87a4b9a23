package dev.tracetoll.stress;

import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.mixed.MixedTracer;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.Draining;
import java.util.function.Predicate;

/** Plans of which eBPF sees one part, and code within the program the other. */
final class Divided {

    private static final int RING_BYTES = 64 << 20;

    private Divided() {}

    /** @param byEbpf the sites that eBPF is to see */
    static TracePlan plan(TracePlan whole, Predicate<SitePlan> byEbpf) {
        return whole.withSites(whole.sites().stream()
                .map(site -> byEbpf.test(site) ? site : site.probed(SiteClass.PATCHED, location -> location))
                .toList());
    }

    /** @param ringBytes of code within the program */
    static Tracer tracer(int ringBytes) {
        return new MixedTracer(
                new InlineTracer(ringBytes, Draining.adaptive(), notice -> {}),
                new EbpfTracer(EbpfOptions.best().ringBytes(RING_BYTES)));
    }
}
