package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.BpfObject;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.SitePlan;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracePlan;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How often each site was hit. */
final class HitTallies implements Tallies {

    private final TracePlan plan;
    private final int cpus;
    /** Of each CPU, of each site. */
    private final ByteBuffer hits;

    HitTallies(TracePlan plan, BpfObject object) {
        this.plan = plan;
        cpus = object.possibleCpus();
        hits = object.mapped("hits", cpus * plan.sites().size() * Long.BYTES, false);
    }

    @Override
    public TraceCounts counts() {
        return new TraceCounts(sum(hits(SiteKind.ENTRY)), sum(hits(SiteKind.RETURN)), 0, 0, 0);
    }

    @Override
    public List<FunctionTotal> totals() {
        Map<TracedFunction, Long> calls = hits(SiteKind.ENTRY);
        return plan.request().functions().stream()
                .map(function -> new FunctionTotal(function, calls.get(function), 0, 0, 0, Optional.empty())).toList();
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
            sum += hits.getLong((cpu * plan.sites().size() + site) * Long.BYTES);
        }
        return sum;
    }
}
