package dev.tracetoll.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {

    private static DurationHistogram of(long... durations) {
        List<DurationHistogram.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < DurationBuckets.COUNT; i++) {
            int bucket = i;
            long count = LongStream.of(durations)
                    .filter(ns -> DurationBuckets.of(ns) == bucket)
                    .count();
            if (count > 0) {
                buckets.add(new DurationHistogram.Bucket(DurationBuckets.from(i), DurationBuckets.from(i + 1), count));
            }
        }
        return new DurationHistogram(
                LongStream.of(durations).sum(),
                LongStream.of(durations).min().orElse(0),
                LongStream.of(durations).max().orElse(0),
                buckets);
    }

    @Test
    void percentilesAreOffByAThirtySecondAtMost() {
        Random random = new Random(7);
        long[] durations = random.doubles(5_000, 0, 40)
                .mapToLong(exponent -> (long) Math.pow(2, exponent))
                .sorted()
                .toArray();
        DurationHistogram histogram = of(durations);
        assertThat(histogram.count()).isEqualTo(durations.length);
        for (double percent = 0.02; percent <= 100; percent += 0.37) {
            long exact = durations[(int) Math.ceil(durations.length * percent / 100) - 1];
            assertThat(histogram.percentileNs(percent))
                    .as("%s %%", percent)
                    .isCloseTo(exact, within(exact / 32 + (exact < 32 ? 0 : 1)));
        }
        assertThat(histogram.percentileNs(100)).isLessThanOrEqualTo(durations[durations.length - 1]);
    }

    @Test
    void percentilesAreNeverOutsideOfWhatThereWas() {
        assertThat(of(1_000).percentileNs(50)).isEqualTo(1_000);
        assertThat(of(1_000, 1_001).percentileNs(99)).isBetween(1_000L, 1_001L);
        assertThat(of(10, 20, 1_000_000).percentileNs(50)).isEqualTo(20);
    }

    @Test
    void theMeanIsExact() {
        assertThat(of(1, 2, 1_000_000).meanNs()).isEqualTo(333_334);
    }

    @Test
    void withoutCallsThereIsNothing() {
        assertThat(of().count()).isZero();
        assertThat(of().meanNs()).isZero();
        assertThat(of().percentileNs(50)).isZero();
    }
}
