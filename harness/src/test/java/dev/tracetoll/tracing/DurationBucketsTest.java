package dev.tracetoll.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationBucketsTest {

    @Test
    void bucketsFollowEachOtherWithoutGapOrOverlap() {
        for (int i = 0; i < DurationBuckets.COUNT; i++) {
            assertThat(DurationBuckets.of(DurationBuckets.from(i))).isEqualTo(i);
            assertThat(DurationBuckets.of(DurationBuckets.from(i + 1) - 1)).isEqualTo(i);
        }
        assertThat(DurationBuckets.from(0)).isZero();
        assertThat(DurationBuckets.from(DurationBuckets.COUNT)).isEqualTo(DurationBuckets.LONGEST_NS + 1);
    }

    @Test
    void noneIsWiderThanASixteenthOfWhatIsInIt() {
        for (int i = 1; i < DurationBuckets.COUNT; i++) {
            long width = DurationBuckets.from(i + 1) - DurationBuckets.from(i);
            assertThat(width).isGreaterThanOrEqualTo(1);
            assertThat(width == 1 || width * DurationBuckets.SUB_BUCKETS <= DurationBuckets.from(i))
                    .as("bucket %d", i)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "15, 15",
        "16, 16",
        "31, 31",
        "32, 32",
        "33, 32",
        "34, 33",
        "63, 47",
        "64, 48",
        "1000, 111",
        "1000000, 270",
        "4398046511103, 623",
        "4398046511104, 623",
        "9223372036854775807, 623"
    })
    void longDurationsShareABucket(long ns, int bucket) {
        assertThat(DurationBuckets.of(ns)).isEqualTo(bucket);
    }
}
