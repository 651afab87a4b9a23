package dev.tracetoll.bench.program;

import dev.tracetoll.results.Metric;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * What well-known load generators print at their end: how many requests there were in a second, and quantiles of how long they took. Of wrk, with
 * {@code --latency}, hey, oha, vegeta's {@code report}, k6, ghz and pgbench.
 */
final class LoadGenerators implements MetricSource {

    private static final String REQUESTS = "requests";
    private static final String A_SECOND = "requests/s";

    /** The quantiles that are kept, of those that are printed. */
    private static final List<String> QUANTILES = List.of("50", "95", "99");

    private static final Map<String, Double> NANOSECONDS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "sec", 1e9, "secs", 1e9, "m", 60e9);

    /** As many digits as a number of requests may have. */
    private static final String COUNT = "([0-9]{1,15})";

    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
    private static final String UNIT = "\\s?(ns|us|µs|ms|secs?|s|m)";

    /** wrk, hey, oha and ghz. */
    private static final Pattern REQUESTS_PER_SECOND = Pattern.compile("^\\s*Requests/sec:\\s+" + NUMBER + "\\s*$");
    /** wrk has nothing between quantile and duration; hey, oha and ghz have a word, and hey says per cent twice. */
    private static final Pattern QUANTILE =
            Pattern.compile("^\\s*([0-9]{2})(?:\\.0+)?\\s?%{1,2}\\s+(?:in\\s+)?" + NUMBER + UNIT + "\\s*$");

    private static final Pattern VEGETA_RATE =
            Pattern.compile("^Requests\\s+\\[total, rate, throughput\\]\\s+[0-9.]+, [0-9.]+, " + NUMBER + "\\s*$");
    private static final Pattern VEGETA_LATENCIES =
            Pattern.compile("^Latencies\\s+\\[(?:min, )?mean, 50, (?:90, )?95, 99, max\\]\\s+(\\S.*)$");

    private static final Pattern K6_RATE = Pattern.compile("^\\s*http_reqs\\.*:\\s+[0-9]+\\s+" + NUMBER + "/s.*$");
    private static final Pattern K6_DURATION = Pattern.compile(
            "^\\s*http_req_duration\\.*:.*\\bmed=" + NUMBER + UNIT + "\\b.*p\\(95\\)=" + NUMBER + UNIT + "\\b.*$");

    /**
     * How many requests were made: of wrk; of hey and oha, by status; of vegeta; of k6; of ghz; of pgbench; of the target {@code load}.
     */
    private static final List<Pattern> MADE = List.of(
            Pattern.compile("^\\s*" + COUNT + " requests in .*$"),
            Pattern.compile("^\\s*\\[[0-9]{3}\\]\\s+" + COUNT + " responses\\s*$"),
            Pattern.compile("^Requests\\s+\\[total, rate, throughput\\]\\s+" + COUNT + ", .*$"),
            Pattern.compile("^\\s*http_reqs\\.*:\\s+" + COUNT + "\\s.*$"),
            Pattern.compile("^\\s*Count:\\s+" + COUNT + "\\s*$"),
            Pattern.compile("^number of transactions actually processed: " + COUNT + "(?:/[0-9]+)?\\s*$"),
            Pattern.compile("^Answers: " + COUNT + "$"));

    private static final Pattern PGBENCH_RATE = Pattern.compile("^tps = " + NUMBER + " \\((?:without|excluding).*$");
    private static final Pattern PGBENCH_LATENCY = Pattern.compile("^latency average = " + NUMBER + UNIT + "\\s*$");

    @Override
    public List<Reading> read(String line) {
        for (Pattern rate : List.of(REQUESTS_PER_SECOND, VEGETA_RATE, K6_RATE)) {
            Matcher found = rate.matcher(line);
            if (found.matches()) {
                return List.of(new Reading(REQUESTS, A_SECOND, true, Double.parseDouble(found.group(1))));
            }
        }
        Matcher quantile = QUANTILE.matcher(line);
        if (quantile.matches()) {
            return QUANTILES.contains(quantile.group(1))
                    ? List.of(duration("p" + quantile.group(1), quantile.group(2), quantile.group(3)))
                    : List.of();
        }
        Matcher vegeta = VEGETA_LATENCIES.matcher(line);
        if (vegeta.matches()) {
            return vegeta(vegeta.group(1).strip().split(",\\s*"));
        }
        Matcher k6 = K6_DURATION.matcher(line);
        if (k6.matches()) {
            return List.of(duration("p50", k6.group(1), k6.group(2)), duration("p95", k6.group(3), k6.group(4)));
        }
        Matcher transactions = PGBENCH_RATE.matcher(line);
        if (transactions.matches()) {
            return List.of(
                    new Reading("transactions", "transactions/s", true, Double.parseDouble(transactions.group(1))));
        }
        Matcher latency = PGBENCH_LATENCY.matcher(line);
        return latency.matches() ? List.of(duration("mean latency", latency.group(1), latency.group(2))) : List.of();
    }

    /** How many requests were made, as the lines say; empty if they do not. */
    static OptionalLong requests(List<String> lines) {
        long[] made = lines.stream()
                .flatMap(line -> MADE.stream().map(each -> each.matcher(line)).filter(Matcher::matches))
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .toArray();
        return made.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(LongStream.of(made).sum());
    }

    /** From the right, as older versions leave out what is left: 50 (90) 95 99 max. */
    private static List<Reading> vegeta(String... durations) {
        Pattern duration = Pattern.compile(NUMBER + UNIT);
        int last = durations.length - 1;
        if (last < 2) {
            return List.of();
        }
        Matcher p99 = duration.matcher(durations[last - 1]);
        Matcher p95 = duration.matcher(durations[last - 2]);
        return p95.matches() && p99.matches()
                ? List.of(duration("p95", p95.group(1), p95.group(2)), duration("p99", p99.group(1), p99.group(2)))
                : List.of();
    }

    private static Reading duration(String name, String number, String unit) {
        return new Reading(
                name, Metric.NANOSECONDS, false, Double.parseDouble(number) * NANOSECONDS.getOrDefault(unit, 1.0));
    }
}
