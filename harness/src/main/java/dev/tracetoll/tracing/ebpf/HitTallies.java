package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How often each site was hit. */
final class HitTallies implements Tallies {

    /** So many, that those of two CPUs share no cache line, nor a pair of lines that the processor fetches together. */
    private static final int ALIGNED_SITES = 16;

    private final TracePlan plan;
    private final int cpus;
    /** Of each CPU, of each site. */
    private final ByteBuffer hits;

    HitTallies(TracePlan plan, BpfObject object) {
        this.plan = plan;
        cpus = object.possibleCpus();
        hits = object.mapped("hits", cpus * sitesOfACpu(plan) * Long.BYTES, false);
    }

    /** How many places each CPU has. */
    static int sitesOfACpu(TracePlan plan) {
        return (plan.sites().size() + ALIGNED_SITES - 1) / ALIGNED_SITES * ALIGNED_SITES;
    }

    @Override
    public TraceCounts counts() {
        return new TraceCounts(sum(hits(SiteKind.ENTRY)), sum(hits(SiteKind.RETURN)), 0, 0, 0);
    }

    @Override
    public List<FunctionTotal> totals() {
        Map<TracedFunction, Long> calls = hits(SiteKind.ENTRY);
        return plan.request().functions().stream()
                .map(function ->
                        new FunctionTotal(function, calls.getOrDefault(function, 0L), 0, 0, 0, 0, Optional.empty()))
                .toList();
    }

    private static long sum(Map<TracedFunction, Long> hits) {
        return hits.values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<TracedFunction, Long> hits(SiteKind kind) {
        List<SitePlan> sites = plan.sites();
        Map<TracedFunction, Long> sums = new IdentityHashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            if (sites.get(i).function() != null && sites.get(i).site().kind() == kind) {
                sums.merge(sites.get(i).function(), hits(i), Long::sum);
            }
        }
        return sums;
    }

    private long hits(int site) {
        long sum = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            sum += hits.getLong((cpu * sitesOfACpu(plan) + site) * Long.BYTES);
        }
        return sum;
    }
}
