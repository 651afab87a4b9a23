package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file has what tools for JMH's results look for. */
class MergedJmhTest {

    @Test
    void eachArmIsABenchmarkAndEachRoundAFork() throws IOException {
        JsonNode benchmarks = new ObjectMapper().readTree(MergedJmh.json(List.of(
                List.of(SampleResults.round(10, 12), SampleResults.round(14, 16), SampleResults.round(18, 20)),
                List.of(SampleResults.round(1, 1), SampleResults.round(1, 1), SampleResults.round(1, 1)))));

        assertThat(benchmarks).hasSize(2);
        JsonNode first = benchmarks.get(0);
        assertThat(first.get("benchmark").asText()).isEqualTo("dev.tracetoll.bench.BurstBenchmark.burst");
        assertThat(first.get("mode").asText()).isEqualTo("ss");
        assertThat(first.get("forks").asInt()).isEqualTo(3);
        assertThat(first.get("measurementIterations").asInt()).isEqualTo(2);
        assertThat(first.get("threads").asInt()).isEqualTo(1);
        assertThat(first.get("params").get("arm").asText()).isEqualTo("ebpf-again");
        assertThat(first.get("params").get("technique").asText()).isEqualTo("ebpf");
        JsonNode metric = first.get("primaryMetric");
        assertThat(metric.get("score").asDouble()).isEqualTo(15);
        assertThat(metric.get("scoreError").asDouble()).isPositive();
        assertThat(metric.get("scoreConfidence")).hasSize(2);
        assertThat(metric.get("scoreUnit").asText()).isEqualTo("us/op");
        assertThat(metric.get("rawData").toString()).isEqualTo("[[10.0,12.0],[14.0,16.0],[18.0,20.0]]");
        assertThat(first.has("secondaryMetrics")).isTrue();
    }
}
