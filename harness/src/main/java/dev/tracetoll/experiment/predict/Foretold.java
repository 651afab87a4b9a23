package dev.tracetoll.experiment.predict;

import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.Census;
import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.bench.program.ProgramPlan;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Metric;
import dev.tracetoll.tracing.Technique;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What would have been foretold of what was measured: from the calls that were counted beside it. */
public final class Foretold {

    private final ProgramPlan plan;
    private final Prices prices;
    private final List<Census> counted;

    /** @param counted of each round */
    public Foretold(ProgramPlan plan, Prices prices, List<Census> counted) {
        this.plan = plan;
        this.prices = prices;
        this.counted = counted;
    }

    /** An arm with what was foretold of it; the same where nothing can be. */
    public Arm beside(Arm arm) {
        return metric(new Technique(arm.technique()))
                .map(metric -> arm.metrics(
                        Stream.concat(arm.metrics().stream(), Stream.of(metric)).toList()))
                .orElse(arm);
    }

    private Optional<Metric> metric(Technique technique) {
        Optional<Map<String, Prices.OfCall>> counting = plan.calls(ProgramMeasurement.COUNTING, prices);
        Optional<Map<String, Prices.OfCall>> traced = plan.calls(technique, prices);
        if (technique.equals(ProgramMeasurement.COUNTING)
                || traced.isEmpty()
                || counting.isEmpty()
                || counted.isEmpty()
                || counted.stream().anyMatch(census -> census.calls() == 0)) {
            return Optional.empty();
        }
        return Optional.of(new Metric(
                ProgramMeasurement.FORETOLD,
                Metric.PLAIN,
                true,
                counted.stream()
                        .map(census -> List.of(1
                                - new Prediction(
                                                census,
                                                Runtime.getRuntime().availableProcessors(),
                                                prices,
                                                counting.get(),
                                                Map.of(technique, traced.get()))
                                        .line(technique)
                                        .lost()
                                        .loss()))
                        .toList()));
    }
}
