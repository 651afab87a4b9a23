package dev.tracetoll.bench;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** Brings into JMH's results which events were seen, as secondary metrics of each iteration. */
public final class EventMetrics implements InternalProfiler {

    @Override
    public String getDescription() {
        return "events that were seen and lost";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmarkParams, IterationParams iterationParams) {
        // Nothing to prepare.
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmarkParams, IterationParams iterationParams, IterationResult result) {
        TracedTarget.Measured measured = ArmTrial.current().latest();
        if (measured == null) {
            return List.of();
        }
        return List.of(
                new ScalarResult("events.calls", measured.events().calls(), "events", AggregationPolicy.SUM),
                new ScalarResult("events.returns", measured.events().returns(), "events", AggregationPolicy.SUM),
                new ScalarResult("events.lost", measured.events().lost(), "events", AggregationPolicy.SUM));
    }
}
