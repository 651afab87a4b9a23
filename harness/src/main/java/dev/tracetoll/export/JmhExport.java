package dev.tracetoll.export;

import dev.tracetoll.compare.ArmFigures;
import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.stats.Quantiles;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A run as JMH writes its results with {@code -rf json}, as {@code org.openjdk.jmh.results.format.JSONResultFormat} of JMH 1.37 does: one entry an arm. The
 * score is the median time of a call in ns, tracing included, with its 95 % interval; a fork is a round, an iteration a burst.
 *
 * <p>It differs from the {@code jmh.json} beside a run, in which JMH says how long whole turns took by its own clock.
 */
final class JmhExport {

    private static final String UNIT = "ns/op";
    private static final double PERCENT = 100;
    private static final double[] PERCENTILES = {0, 50, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999, 100};

    private JmhExport() {}

    static Export of(Run run) {
        Costs costs = Costs.of(run);
        return new Export(
                "jmh.json",
                Json.of(costs.arms().stream().map(arm -> entry(run, arm)).toList()),
                Map.of(),
                costs.leftOut());
    }

    private static Map<String, Object> entry(Run run, Arm arm) {
        Bursts bursts = arm.bursts();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("jmhVersion", "1.37");
        entry.put("benchmark", "dev.tracetoll." + ArmName.word(arm.target()) + "." + ArmName.word(arm.name()));
        entry.put("mode", "avgt");
        entry.put("threads", 1);
        entry.put("forks", bursts.rounds());
        entry.put("jdkVersion", run.environment().jdk());
        entry.put("vmName", run.environment().goVersion());
        entry.put("vmVersion", run.environment().goVersion());
        entry.put("warmupIterations", arm.warmupBursts() / bursts.rounds());
        entry.put("warmupTime", "single-shot");
        entry.put("warmupBatchSize", arm.calls());
        entry.put("measurementIterations", bursts.count() / bursts.rounds());
        entry.put("measurementTime", "single-shot");
        entry.put("measurementBatchSize", arm.calls());
        entry.put("params", params(arm));
        entry.put("primaryMetric", primary(run, arm));
        Map<String, Object> secondary = new TreeMap<>();
        ArmFigures.of(run, arm).ifPresent(figures -> {
            secondary.put("overhead", metric(figures.overheadPerCallNs(), UNIT));
            secondary.put("ratio", metric(figures.ratio(), "untraced"));
            figures.floors().ifPresent(floors -> secondary.put("floors", metric(floors, "floors")));
        });
        entry.put("secondaryMetrics", secondary);
        return entry;
    }

    private static Map<String, String> params(Arm arm) {
        Map<String, String> params = new TreeMap<>();
        params.put("calls", Integer.toString(arm.calls()));
        params.put("function", value(arm.function()));
        params.put("placement", value(arm.placement().inWords()));
        if (!arm.arguments().isEmpty()) {
            params.put("arguments", value(String.join(" ", arm.arguments())));
        }
        return params;
    }

    /** JMH Visualizer joins parameters by spaces and equals signs, and takes them apart there again. */
    private static String value(String text) {
        return text.replaceAll("[\\s=]+", "_");
    }

    private static Map<String, Object> primary(Run run, Arm arm) {
        double[] perCall =
                arm.bursts().all().mapToDouble(ns -> (double) ns / arm.calls()).toArray();
        Map<String, BigDecimal> percentiles = new LinkedHashMap<>();
        for (double each : PERCENTILES) {
            percentiles.put(Double.toString(each), Json.number(Quantiles.quantile(perCall, each / PERCENT)));
        }
        return metric(new Comparisons(run.seed()).burstNs(arm).dividedBy(arm.calls()), UNIT, percentiles, rounds(arm));
    }

    private static List<List<BigDecimal>> rounds(Arm arm) {
        return IntStream.range(0, arm.bursts().rounds())
                .mapToObj(round -> arm.bursts()
                        .rounds(round, round + 1)
                        .all()
                        .mapToObj(ns -> Json.number((double) ns / arm.calls()))
                        .toList())
                .toList();
    }

    /** A figure of the whole run, for which there are no single values. */
    private static Map<String, Object> metric(Interval value, String unit) {
        return metric(value, unit, Map.of("50.0", Json.number(value.median())), List.of());
    }

    private static Map<String, Object> metric(
            Interval value, String unit, Map<String, BigDecimal> percentiles, List<List<BigDecimal>> raw) {
        Map<String, Object> metric = new LinkedHashMap<>();
        metric.put("score", Json.number(value.median()));
        metric.put("scoreError", Json.number((value.high() - value.low()) / 2));
        metric.put("scoreConfidence", List.of(Json.number(value.low()), Json.number(value.high())));
        metric.put("scorePercentiles", percentiles);
        metric.put("scoreUnit", unit);
        metric.put("rawData", raw);
        return metric;
    }
}
