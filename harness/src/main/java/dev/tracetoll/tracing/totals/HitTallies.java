package dev.tracetoll.tracing.totals;

import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** How often each site was hit. */
public final class HitTallies implements Tallies {

    /** So many, that those of two processors share no cache line, nor a pair of lines that the processor fetches together. */
    private static final int ALIGNED_SITES = 16;

    private final TracePlan plan;
    private final ByteBuffer hits;
    private final int first;
    private final int stride;
    private final int copies;

    /**
     * The tallies of a plan.
     *
     * @param hits of each copy, of each site, a word
     * @param copies how many there are, of which each processor has one
     */
    public HitTallies(TracePlan plan, ByteBuffer hits, int copies) {
        this(plan, hits, 0, bytesOfACopy(plan), copies);
    }

    /**
     * Those whose copies have other things between them.
     *
     * @param first where the first is
     * @param stride how many bytes from one to the next
     */
    public HitTallies(TracePlan plan, ByteBuffer hits, int first, int stride, int copies) {
        this.plan = plan;
        this.hits = hits;
        this.first = first;
        this.stride = stride;
        this.copies = copies;
    }

    /** How many bytes each copy has. */
    public static int bytesOfACopy(TracePlan plan) {
        return sitesOfACopy(plan) * Long.BYTES;
    }

    /** How many sites each copy has room for. */
    public static int sitesOfACopy(TracePlan plan) {
        return (plan.sites().size() + ALIGNED_SITES - 1) / ALIGNED_SITES * ALIGNED_SITES;
    }

    @Override
    public TraceCounts counts() {
        return new TraceCounts(sum(hits(SiteKind.ENTRY)), sum(hits(SiteKind.RETURN)), 0, 0, 0);
    }

    @Override
    public List<FunctionHits> hits() {
        Map<TracedFunction, Long> entries = hits(SiteKind.ENTRY);
        Map<TracedFunction, Long> exits = hits(SiteKind.RETURN);
        return plan.request().functions().stream()
                .map(function -> new FunctionHits(entries.getOrDefault(function, 0L), exits.getOrDefault(function, 0L)))
                .toList();
    }

    @Override
    public List<FunctionTotal> totals() {
        Map<TracedFunction, Long> calls = hits(SiteKind.ENTRY);
        return plan.request().functions().stream()
                .map(function -> FunctionTotal.counted(function, calls.getOrDefault(function, 0L)))
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
        for (int copy = 0; copy < copies; copy++) {
            sum += hits.getLong(first + copy * stride + site * Long.BYTES);
        }
        return sum;
    }
}
