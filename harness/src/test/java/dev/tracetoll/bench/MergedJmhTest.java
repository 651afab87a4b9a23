package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.stats.Bursts;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file has what tools for JMH's results look for, and by it they show what the target took. */
class MergedJmhTest {

    /** What github-action-benchmark draws of a benchmark, by its documentation and as its {@code extractJmhResult} reads it. */
    private record Drawn(String name, double value, String unit) {
        static Drawn of(JsonNode benchmark) {
            return new Drawn(
                    benchmark.get("benchmark").asText() + " ( " + benchmark.get("params") + " )",
                    benchmark.get("primaryMetric").get("score").asDouble(),
                    benchmark.get("primaryMetric").get("scoreUnit").asText());
        }
    }

    /**
     * A round of one arm.
     *
     * @param requestUs what the harness saw of each request
     * @param burstsNs what the target measured
     */
    private static RoundReply round(double[] requestUs, long... burstsNs) {
        return RoundReply.of(
                new RoundSample(
                        "main.probed",
                        "go1.26.1",
                        3,
                        Bursts.ofRound(burstsNs),
                        EventCounts.NONE,
                        EventCounts.NONE,
                        1,
                        1,
                        1,
                        1,
                        1,
                        List.of(),
                        List.of()),
                SampleResults.round(requestUs));
    }

    private static final List<RoundReply> TRACED = List.of(
            round(new double[] {700, 900}, 22_000L, 20_000L, 500_000L),
            round(new double[] {900}, 24_000L),
            round(new double[] {1_100}, 28_000L));
    /** A request of many bursts takes long, though each of them is short. */
    private static final List<RoundReply> UNTRACED =
            List.of(round(new double[] {400}, 120L), round(new double[] {400}, 120L), round(new double[] {400}, 120L));

    private static JsonNode merged() throws IOException {
        return new ObjectMapper().readTree(MergedJmh.json(List.of(TRACED, UNTRACED)));
    }

    @Test
    void eachArmIsABenchmarkAndEachRoundAFork() throws IOException {
        JsonNode benchmarks = merged();

        assertThat(benchmarks).hasSize(2);
        JsonNode first = benchmarks.get(0);
        assertThat(first.get("benchmark").asText()).isEqualTo("dev.tracetoll.bench.BurstBenchmark.burst");
        assertThat(first.get("mode").asText()).isEqualTo("ss");
        assertThat(first.get("forks").asInt()).isEqualTo(3);
        assertThat(first.get("measurementIterations").asInt()).isEqualTo(1);
        assertThat(first.get("threads").asInt()).isEqualTo(1);
        assertThat(first.get("params").toString())
                .as("nothing that depends on the machine's speed")
                .isEqualTo("{\"arm\":\"ebpf-again\",\"technique\":\"ebpf\"}");
    }

    @Test
    void theScoreIsTheTargetsOwnTime() throws IOException {
        JsonNode metric = merged().get(0).get("primaryMetric");

        assertThat(metric.get("rawData").toString())
                .as("the median of each round")
                .isEqualTo("[[22.0],[24.0],[28.0]]");
        assertThat(metric.get("score").asDouble()).isCloseTo(74.0 / 3, within(1e-9));
        assertThat(metric.get("scoreError").asDouble())
                .as("what rounds differ by")
                .isPositive();
        assertThat(metric.get("scoreConfidence")).hasSize(2);
        assertThat(metric.get("scoreUnit").asText()).isEqualTo("us/op");
    }

    @Test
    void aToolThatReadsScoresShowsTheTrueRatio() throws IOException {
        Drawn traced = Drawn.of(merged().get(0));
        Drawn untraced = Drawn.of(merged().get(1));

        assertThat(traced.unit()).isEqualTo(untraced.unit());
        assertThat(traced.value() / untraced.value()).isCloseTo(74.0 / 3 / 0.12, within(1e-9));
        assertThat(traced.name())
                .isEqualTo(
                        "dev.tracetoll.bench.BurstBenchmark.burst ( {\"arm\":\"ebpf-again\",\"technique\":\"ebpf\"} )");
    }

    @Test
    void whatTheHarnessSawIsSecondary() throws IOException {
        JsonNode request = merged().get(0).get("secondaryMetrics").get(MergedJmh.REQUEST);

        assertThat(request.get("rawData").toString()).isEqualTo("[[800.0],[900.0],[1100.0]]");
        assertThat(request.get("scoreUnit").asText()).isEqualTo("us/op");
    }
}
