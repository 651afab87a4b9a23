package dev.tracetoll.bench.program;

import dev.tracetoll.results.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of Go benchmarks, as {@code BenchmarkParse-2   123456   981.5 ns/op   120 B/op}: a name, a number of iterations, and pairs of a value and
 * its unit. See the benchmark data format, golang.org/design/14313-benchmark-format.
 */
final class GoBenchmarkLines implements MetricSource {

    private static final Pattern LINE = Pattern.compile("^Benchmark(\\S*?)(?:-\\d+)?\\s+(\\d+)\\s+(\\S.*)$");

    private static final Pattern CONFIGURATION = Pattern.compile("^(?:goos|goarch|pkg|cpu): .*$");

    private static final String PER_ITERATION = "/op";
    private static final String RATE = "/s";

    /** Units that have a scale of their own here. */
    private static final Map<String, String> UNITS =
            Map.of("ns/op", Metric.NANOSECONDS, "B/op", Metric.BYTES, "allocs/op", Metric.PLAIN);

    /** The lines of the format among others: results, and what configuration they are of. */
    static List<String> of(List<String> lines) {
        List<String> some = lines.stream()
                .filter(line -> LINE.matcher(line).matches()
                        || CONFIGURATION.matcher(line).matches())
                .toList();
        return some.stream().anyMatch(line -> LINE.matcher(line).matches()) ? some : List.of();
    }

    @Override
    public List<Reading> read(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return List.of();
        }
        List<Reading> readings = new ArrayList<>();
        String[] words = matcher.group(3).strip().split("\\s+");
        for (int i = 0; i + 1 < words.length; i += 2) {
            double value;
            try {
                value = Double.parseDouble(words[i]);
            } catch (NumberFormatException e) {
                return List.of();
            }
            if (Double.isFinite(value)) {
                String unit = words[i + 1];
                readings.add(new Reading(
                        matcher.group(1) + " " + unit,
                        UNITS.getOrDefault(unit, unit),
                        unit.endsWith(RATE) && !unit.endsWith(PER_ITERATION),
                        value));
            }
        }
        return readings;
    }
}
