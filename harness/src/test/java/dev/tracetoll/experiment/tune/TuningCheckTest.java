package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TuningCheckTest {

    private static TuningCheck.Checked checked(
            String policy, @Nullable Long predicted, int lossy, @Nullable Long smallest) {
        return new TuningCheck.Checked(
                "100 000 calls/s, 1 thread, records of 64 bytes",
                policy,
                predicted,
                lossy,
                17L * lossy,
                120_000,
                smallest);
    }

    private static TuningCheck check() {
        return new TuningCheck(
                TuningCheck.SCHEMA_VERSION,
                SampleRuns.headline().tracetoll(),
                SampleRuns.STARTED,
                SampleRuns.environment(),
                List.of("./tracetoll", "tune", "--check", "4"),
                7,
                5,
                List.of(
                        checked("ring-adaptive", 64L << 10, 0, 64L << 10),
                        checked("ring-every-1ms", 64L << 10, 0, 16L << 10),
                        checked("ringbuf-each", 64L << 10, 1, 128L << 10),
                        checked("perf-each", null, 0, null)));
    }

    @Test
    void sharesAreOfWhatHasAPrediction() {
        assertThat(check().lossless()).isCloseTo(14.0 / 15, within(1e-9));
        assertThat(check().tight()).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void thePageIsWhatItWas() throws IOException {
        Golden.of(TuningCheckTest.class).assertEqual("tuning-check.md", new CheckDocument(check()).markdown());
    }
}
