package dev.tracetoll.bench.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintedFiguresTest {

    private static List<String> read(MetricSource source, String line) {
        return source.read(line).stream()
                .map(reading -> reading.name() + " " + Math.round(reading.value() * 100) / 100.0 + " " + reading.unit()
                        + (reading.higherIsBetter() ? " up" : ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'Requests/sec: 748868.53'!'requests 748868.53 requests/s up'",
                "'  Requests/sec:\t4564.2000'!'requests 4564.2 requests/s up'",
                "'     50%  250.00us'!'p50 250000.0 ns'",
                "'     99%    5.16ms'!'p99 5160000.0 ns'",
                "'  95%% in 0.0005 secs'!'p95 500000.0 ns'",
                "'  99.00% in 0.0005 sec'!'p99 500000.0 ns'",
                "'  99 % in 5.21 ms '!'p99 5210000.0 ns'",
                "'Requests      [total, rate, throughput]         500, 100.20, 100.19'!'requests 100.19 requests/s up'",
                "'    http_reqs......................: 4541   151.34/s'!'requests 151.34 requests/s up'",
                "'tps = 810.5 (without initial connection time)'!'transactions 810.5 transactions/s up'",
                "'latency average = 1.234 ms'!'mean latency 1234000.0 ns'",
            })
    void whatLoadGeneratorsPrintIsUnderstood(String line, String reading) {
        assertThat(read(new LoadGenerators(), line)).containsExactly(reading);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'  4564 requests in 10.00s, 1.30MB read'!4564",
                "'  [200]\t5000 responses'!5000",
                "'  [200] 498 responses'!498",
                "'Requests      [total, rate, throughput]         500, 100.20, 100.19'!500",
                "'    http_reqs......................: 4541   151.34/s'!4541",
                "'  Count:        200'!200",
                "'number of transactions actually processed: 1000/1000'!1000",
                "'Answers: 5000'!5000"
            })
    void howManyRequestsWereMadeIsUnderstood(String line, long made) {
        assertThat(LoadGenerators.requests(List.of("begin", line, "end"))).hasValue(made);
    }

    @Test
    void requestsAreAddedUpWhateverTheyWereAnsweredBy() {
        assertThat(LoadGenerators.requests(List.of("  [200]\t4990 responses", "  [503]\t10 responses")))
                .hasValue(5_000);
        assertThat(LoadGenerators.requests(List.of("Requests/sec: 17.0", "[10] 12345678901234567890 responses")))
                .isEmpty();
    }

    @Test
    void quantilesOfVegetaAndK6AreReadFromOneLine() {
        assertThat(
                        read(
                                new LoadGenerators(),
                                "Latencies     [min, mean, 50, 90, 95, 99, max]  161.527µs, 571.421µs, 308.384µs, 422.354µs, 760.66µs, 8.377ms, 12.578ms"))
                .containsExactly("p95 760660.0 ns", "p99 8377000.0 ns");
        assertThat(
                        read(
                                new LoadGenerators(),
                                "    http_req_duration..............: avg=12.3ms min=1ms med=11ms max=20ms p(90)=14ms p(95)=15.2ms"))
                .containsExactly("p50 1.1E7 ns", "p95 1.52E7 ns");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'  75%  300.00us'",
                "'Requests/sec: many'",
                "'Latencies     [min, mean, 50, 90, 95, 99, max]  1.1ms'",
                "'    http_reqs......: 4541'",
                "'BenchmarkParse'",
                "'BenchmarkParse 12 fast ns/op'",
                "'goos: linux'"
            })
    void whatIsNoFigureIsNone(String line) {
        assertThat(new LoadGenerators().read(line)).isEmpty();
        assertThat(new GoBenchmarkLines().read(line)).isEmpty();
    }

    @Test
    void benchmarksHaveAFigureForEachUnit() {
        assertThat(
                        read(
                                new GoBenchmarkLines(),
                                "BenchmarkParse/large-2 \t  123456\t       981.5 ns/op\t  12.50 MB/s\t     120 B/op\t       3 allocs/op"))
                .containsExactly(
                        "Parse/large ns/op 981.5 ns",
                        "Parse/large MB/s 12.5 MB/s up",
                        "Parse/large B/op 120.0 B",
                        "Parse/large allocs/op 3.0 1");
    }

    @Test
    void linesOfBenchmarksAreKeptWithTheirConfiguration() {
        assertThat(GoBenchmarkLines.of(List.of("goos: linux", "=== RUN", "BenchmarkA 1 2 ns/op", "PASS")))
                .containsExactly("goos: linux", "BenchmarkA 1 2 ns/op");
        assertThat(GoBenchmarkLines.of(List.of("goos: linux", "PASS"))).isEmpty();
    }

    @Test
    void aNamedFigureIsTheFirstGroupOrAllThatIsFound() {
        assertThat(read(NamedMetric.parse("score=score: ([0-9,.]+) points:higher"), "score: 1,234.5 points"))
                .containsExactly("score 1234.5 1 up");
        assertThat(read(NamedMetric.parse("n=[0-9]+"), "it took 17 ms")).containsExactly("n 17.0 1");
        assertThat(NamedMetric.parse("n=a:lower").higherIsBetter()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "p99!has no name",
                "=x!has no name",
                "p99=!has no expression",
                "p99=:lower!has no expression",
                "p=(!no regular expression"
            })
    void aFigureWithoutNameOrExpressionIsRefused(String typed, String why) {
        assertThatThrownBy(() -> NamedMetric.parse(typed))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatIsFoundAndNoNumberIsRefused() {
        assertThatThrownBy(() -> NamedMetric.parse("p=took (.*)").read("took long"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("finds \"long\", which is no number");
    }

    @Test
    void aServerIsReadyByAPortOrALine() {
        assertThat(Ready.parse("8080")).isEqualTo(new Ready.Port(8080));
        assertThat(Ready.parse("listening on")).isInstanceOf(Ready.Line.class);
        assertThatThrownBy(() -> Ready.parse("0")).hasMessageContaining("is no port");
        assertThatThrownBy(() -> Ready.parse("99999999999")).hasMessageContaining("is no port");
        assertThatThrownBy(() -> Ready.parse("(")).hasMessageContaining("no regular expression");
    }
}
