package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.totals.Tallies;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process whose calls are counted, or measured, in the kernel, or that only pays for being probed: there are no events. */
final class SilentSession implements TraceSession {

    private final Probes probes;
    private final Tallies tallies;
    private @Nullable TraceCounts last;
    private @Nullable List<FunctionTotal> lastTotals;
    private List<FunctionHits> lastHits = List.of();

    SilentSession(ProbedPlan plan, TracedProcess process, EbpfOptions options) {
        probes = new Probes(plan, process, options);
        try {
            tallies = probes.tallies();
            probes.attach();
        } catch (RuntimeException | Error e) {
            probes.close();
            throw e;
        }
    }

    /** The object that the programs belong to, until this is closed. */
    BpfObject object() {
        return probes.object();
    }

    @Override
    public synchronized TraceCounts counts() {
        return last != null ? last : tallies.counts();
    }

    @Override
    public synchronized List<FunctionTotal> totals() {
        return lastTotals != null ? lastTotals : tallies.totals();
    }

    @Override
    public synchronized List<FunctionHits> hits() {
        return last != null ? lastHits : tallies.hits();
    }

    @Override
    public synchronized void takeOff(List<TracedFunction> functions) {
        if (last == null) {
            probes.takeOff(functions);
        }
    }

    /** Nothing is ever under way: a hit is counted before its thread goes on. */
    @Override
    public void settle() {}

    @Override
    public synchronized Optional<String> follow() {
        probes.follow();
        return probes.over();
    }

    @Override
    public synchronized void detach() {
        // Once closed, what the switch of its programs is in is given back.
        if (last == null) {
            probes.detach();
        }
    }

    @Override
    public synchronized void close() {
        if (last == null) {
            probes.detach();
            try {
                last = tallies.counts();
                lastTotals = tallies.totals();
                lastHits = tallies.hits();
            } finally {
                probes.close();
            }
        }
    }
}
