package dev.tracetoll.export;

import dev.tracetoll.compare.ArmFigures;
import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Interval;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run in the Bencher Metric Format: a benchmark for each arm, with the time of a call as the built-in measure {@code latency}, in ns, and what tracing adds to
 * it and is to others as measures of their own.
 *
 * @see <a href="https://bencher.dev/docs/reference/bencher-metric-format">Bencher Metric Format</a>
 */
final class BencherExport {

    private BencherExport() {}

    static Export of(Run run) {
        Costs costs = Costs.of(run);
        Map<String, Map<String, Map<String, BigDecimal>>> benchmarks = new LinkedHashMap<>();
        costs.arms().forEach(arm -> benchmarks.put(ArmName.joined(arm, "/"), measures(run, arm)));
        return new Export("bencher.json", Json.of(benchmarks), Map.of(), costs.leftOut());
    }

    private static Map<String, Map<String, BigDecimal>> measures(Run run, Arm arm) {
        Map<String, Map<String, BigDecimal>> measures = new LinkedHashMap<>();
        measures.put("latency", metric(new Comparisons(run.seed()).burstNs(arm).dividedBy(arm.calls())));
        ArmFigures.of(run, arm).ifPresent(figures -> {
            measures.put("overhead", metric(figures.overheadPerCallNs()));
            measures.put("ratio", metric(figures.ratio()));
            figures.floors().ifPresent(floors -> measures.put("floors", metric(floors)));
        });
        return measures;
    }

    private static Map<String, BigDecimal> metric(Interval value) {
        Map<String, BigDecimal> metric = new LinkedHashMap<>();
        metric.put("value", Json.number(value.median()));
        metric.put("lower_value", Json.number(value.low()));
        metric.put("upper_value", Json.number(value.high()));
        return metric;
    }
}
