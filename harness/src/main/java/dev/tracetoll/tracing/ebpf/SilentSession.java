package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.tracing.SitePlan;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import java.nio.ByteBuffer;
import java.util.List;

/** A process whose calls are counted in the kernel, or that only pays for being probed: there are no events. */
final class SilentSession implements TraceSession {

    private final List<SitePlan> sites;
    private final Probes probes;
    private final int cpus;
    /** Of each CPU, of each site, how often it was hit. */
    private final ByteBuffer hits;
    private TraceCounts last;

    SilentSession(TracePlan plan, TracedProcess process, EbpfOptions options) {
        sites = plan.sites();
        probes = new Probes(plan, process.pid(), options);
        try {
            cpus = probes.object().possibleCpus();
            hits = probes.object().mapped("hits", cpus * sites.size() * Long.BYTES);
            probes.attach();
        } catch (RuntimeException | Error e) {
            probes.close();
            throw e;
        }
    }

    @Override
    public synchronized TraceCounts counts() {
        return last != null ? last : new TraceCounts(hits(SiteKind.ENTRY), hits(SiteKind.RETURN), 0, 0, 0);
    }

    private long hits(SiteKind kind) {
        long sum = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            for (int i = 0; i < sites.size(); i++) {
                if (sites.get(i).function() != null && sites.get(i).site().kind() == kind) {
                    sum += hits.getLong((cpu * sites.size() + i) * Long.BYTES);
                }
            }
        }
        return sum;
    }

    /** Nothing is ever under way: a hit is counted before its thread goes on. */
    @Override
    public void settle() {}

    @Override
    public synchronized void close() {
        if (last == null) {
            probes.detach();
            last = counts();
            probes.close();
        }
    }
}
