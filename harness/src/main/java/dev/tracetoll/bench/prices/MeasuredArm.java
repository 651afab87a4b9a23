package dev.tracetoll.bench.prices;

import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.tracing.TraceCounts;
import java.util.ArrayList;
import java.util.List;

/** What requests of one target took: medians, as what else runs makes some of them much longer. */
final class MeasuredArm {

    private final String name;
    private final int calls;
    private final List<Double> ns = new ArrayList<>();
    private final List<Double> cpuNs = new ArrayList<>();
    private final List<Double> tracerNs = new ArrayList<>();

    /** @param calls of each burst */
    MeasuredArm(String name, int calls) {
        this.name = name;
        this.calls = calls;
    }

    /** Asks for bursts. */
    void ask(TracedTarget target, int bursts) {
        add(target.burst(bursts, calls), target.tracesCalls(), target.tracesReturns());
    }

    /**
     * Takes note of a request.
     *
     * @throws Inconclusive if an event of it is missing
     */
    void add(TracedTarget.Measured measured, boolean tracesCalls, boolean tracesReturns) {
        long made = measured.burst().callsMade();
        TraceCounts counts = measured.events();
        if (tracesCalls && counts.calls() != made || tracesReturns && counts.returnsSeen() != made) {
            throw new Inconclusive(
                    "What " + name
                            + " costs on this machine could not be measured, as events were lost; measure again when less else runs");
        }
        measured.burst().bursts().all().forEach(burst -> ns.add((double) burst / calls));
        cpuNs.add((double) measured.burst().cpuNs() / made);
        long events = counts.calls() + counts.returnsSeen();
        tracerNs.add(events == 0 ? 0 : (double) measured.tracerCpuNs() / events);
    }

    /** How long a call takes, in ns. */
    double ns() {
        return median(ns);
    }

    /** CPU time of the target for a call, in ns. */
    double cpuNs() {
        return median(cpuNs);
    }

    /** CPU time of the tracer for an event, in ns. */
    double tracerNs() {
        return median(tracerNs);
    }

    private static double median(List<Double> values) {
        return Quantiles.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
