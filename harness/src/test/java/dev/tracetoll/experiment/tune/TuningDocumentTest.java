package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import dev.tracetoll.tracing.ring.RingChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningDocumentTest {

    private static final Golden GOLDEN = Golden.of(TuningDocumentTest.class);

    @TempDir
    private Path directory;

    private static Tuning.Tried tried(String policy, @Nullable Long predicted, long lost, double overheadNs) {
        return new Tuning.Tried(
                policy,
                predicted,
                256 << 10,
                lost == 0 ? 32L << 10 : null,
                280_000,
                280_000 - lost,
                lost,
                Math.min(lost, 12),
                new Interval(overheadNs, 0.95 * overheadNs, 1.1 * overheadNs),
                0.021,
                new Tuning.Latency(538_000, 1_100_000, 1_230_000, 1_580_000),
                31.5,
                412_000,
                18_432,
                lost > 0
                        ? List.of()
                        : List.of(
                                new Tuning.Risk(128 << 10, new Interval(0.72, 0.16, 0.97)),
                                new Tuning.Risk(256 << 10, new Interval(0.031, 0.0002, 0.12)),
                                new Tuning.Risk(512 << 10, new Interval(0.0001, 0, 0.004))));
    }

    private static Tuning tuning(@Nullable String advised) {
        return new Tuning(
                Tuning.SCHEMA_VERSION,
                SampleRuns.headline().tracetoll(),
                SampleRuns.STARTED,
                SampleRuns.environment(),
                List.of("./tracetoll", "tune"),
                7,
                "100 000 calls/s, 1 thread, records of 64 bytes",
                99_950,
                64,
                1.5,
                null,
                7,
                new Interval(63.9, 61, 70.2),
                List.of(
                        tried("ring-every-1ms", 128L << 10, advised == null ? 4 : 0, 563),
                        tried("ringbuf-each", 64L << 10, 3, 2_940),
                        tried("perf-each", null, 173, 2_830)),
                advised,
                List.of(
                        new Tuning.CurvePoint(0, 720, 0),
                        new Tuning.CurvePoint(65_536, 1_400, 0),
                        new Tuning.CurvePoint(1_048_576, 8_200, 0),
                        new Tuning.CurvePoint(2_097_152, 15_600, 1_200),
                        new Tuning.CurvePoint(4_194_304, 30_700, 5_900_000)),
                advised == null ? null : tried(advised, 128L << 10, 0, 571));
    }

    @Test
    void thePageSaysWhatIsAdvisedAndWhatItCosts() throws IOException {
        GOLDEN.assertEqual("tuning.md", new TuningDocument(tuning("ring-every-1ms")).markdown());
    }

    @Test
    void thePageSaysWhereNothingIsEnough() throws IOException {
        GOLDEN.assertEqual("tuning-none.md", new TuningDocument(tuning(null)).markdown());
    }

    @Test
    void theScreenSaysTheSame() throws IOException {
        for (int columns : new int[] {160, 80}) {
            GOLDEN.assertEqual(
                    "tuning-" + columns + ".txt",
                    new TuningScreen(new Screen(TerminalStyle.PLAIN, columns)).render(tuning("ring-every-1ms")));
        }
    }

    @Test
    void ourOwnRingIsAdvisedToOurOwnTracer() {
        assertThat(tuning("ring-every-1ms").ownRing()).contains(new RingChoice(256 << 10, "timed", 1_000_000));
        assertThat(tuning(null).ownRing()).isEmpty();
    }

    @Test
    void whatIsSavedIsLoaded() {
        Tuning saved = tuning("ring-every-1ms");
        Path stored = new TuningStore(directory.resolve("results")).save(saved);

        assertThat(TuningStore.load(stored)).isEqualTo(saved);
        assertThat(new TuneExperiment().report(stored, directory.resolve("reports")))
                .isDirectoryContaining("glob:**/tuning.md");
    }
}
