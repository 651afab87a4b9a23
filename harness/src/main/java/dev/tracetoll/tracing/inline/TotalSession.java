package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.totals.Tallies;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A process whose calls are counted, or measured, by jumps within it, or that only pays for them: there are no events. */
final class TotalSession implements TraceSession {

    private static final TraceCounts NONE = new TraceCounts(0, 0, 0, 0, 0);

    private final TracePlan plan;
    private final JumpsInProcess jumps;
    /** Those that there are jumps in: of others nothing is known. */
    private final Set<TracedFunction> counted;

    private volatile @Nullable Tallies tallies;
    private @Nullable TraceCounts last;
    private List<FunctionTotal> lastTotals = List.of();

    /** @param counted the functions that there are jumps in */
    TotalSession(
            TracePlan plan,
            TracedProcess process,
            Installation installation,
            Totals all,
            Collection<TracedFunction> counted) {
        this.plan = plan;
        this.counted = Collections.newSetFromMap(new IdentityHashMap<>());
        this.counted.addAll(counted);
        jumps = new JumpsInProcess(process, installation, () -> tallies = all.tallies());
    }

    /** Starts; returns when the process is traced, or will be as soon as it has executed the program. */
    void start() {
        jumps.start(this::detach);
    }

    @Override
    public synchronized TraceCounts counts() {
        Tallies now = tallies;
        return last != null ? last : now == null ? NONE : now.counts();
    }

    @Override
    public synchronized List<FunctionTotal> totals() {
        Tallies now = tallies;
        return last != null || now == null ? lastTotals : totals(now);
    }

    private List<FunctionTotal> totals(Tallies of) {
        return of.totals().stream()
                .filter(total -> counted.contains(total.function()))
                .toList();
    }

    @Override
    public synchronized List<FunctionHits> hits() {
        Tallies now = tallies;
        return now == null ? List.of() : now.hits();
    }

    @Override
    public void takeOff(List<TracedFunction> functions) {
        jumps.takeOff(plan, functions);
    }

    /** Nothing is ever under way: a hit is counted before its thread goes on. */
    @Override
    public void settle() {
        jumps.throwFailure();
    }

    @Override
    public Optional<String> follow() {
        return jumps.over();
    }

    @Override
    public void detach() {
        jumps.cancel();
        if (tallies != null) {
            jumps.remove();
        }
    }

    @Override
    public synchronized void close() {
        if (last != null) {
            return;
        }
        jumps.end();
        Tallies known = tallies;
        try {
            if (known != null) {
                jumps.remove();
            }
        } finally {
            last = known == null ? NONE : known.counts();
            lastTotals = known == null ? List.of() : totals(known);
        }
        jumps.throwFailure();
    }
}
