package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import dev.tracetoll.tracing.ring.RingChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
                Stream.of(0.98, 0.99, 1.0, 1.0, 1.01, 1.02, 1.03)
                        .map(each -> 63.9 + each * overheadNs)
                        .toList(),
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
                List.of(61.0, 63.0, 63.7, 63.9, 64.2, 66.0, 70.2),
                new Interval(480, 455, 510),
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
                List.of(new Wakeups(1_000, 700, 4_100, 4_050, 9_000), new Wakeups(812_345, 650, 1_150, 690, 4_000)),
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
    void whatHasBecomeDearerFromOneTuningToAnotherIsSaid() throws IOException {
        Tuning before = tuning("ring-every-1ms");
        List<Tuning.Tried> tried = new ArrayList<>(before.tried());
        tried.set(0, tried("ring-every-1ms", 128L << 10, 0, 800));
        Tuning after = with(before, tried);

        assertThat(new TuningComparison(before, before, 0.2).text(new Screen(TerminalStyle.PLAIN, 120)))
                .contains("fine");
        TuningComparison dearer = new TuningComparison(before, after, 0.2);
        assertThat(dearer.verdict()).isEqualTo(Verdict.DEARER);
        GOLDEN.assertEqual("tunings-compared.txt", dearer.text(new Screen(TerminalStyle.PLAIN, 120)));
        GOLDEN.assertEqual("tunings-compared.md", dearer.markdown());
        assertThat(new TuningComparison(after, before, 0.2).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThatThrownBy(() ->
                        new TuningComparison(before, with(before, List.of(tried("perf-at-1/4", 1L << 16, 0, 9))), 0.2))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no policy in common");
    }

    private static Tuning with(Tuning other, List<Tuning.Tried> tried) {
        return new Tuning(
                other.schemaVersion(),
                other.tracetoll(),
                other.started(),
                other.environment(),
                other.command(),
                other.seed(),
                other.setting(),
                other.callsPerSecond(),
                other.recordBytes(),
                other.safety(),
                other.mostLatencyNs(),
                other.rounds(),
                other.untracedNsACall(),
                other.untracedRoundsNs(),
                other.probeNs(),
                tried,
                other.advised(),
                other.curves(),
                other.wakeups(),
                other.verified());
    }

    @Test
    void ourOwnRingIsAdvisedToOurOwnTracer() {
        assertThat(tuning("ring-every-1ms").ownRing()).contains(new RingChoice(256 << 10, "timed", 1_000_000));
        assertThat(tuning(null).ownRing()).isEmpty();
    }

    @Test
    void picturesAreDrawnWhateverWasFound() {
        for (String advised : new String[] {"ring-every-1ms", null}) {
            for (Palette palette : Palette.values()) {
                for (int width : new int[] {Picture.DEFAULT_WIDTH, Picture.NARROW_WIDTH}) {
                    TuningChart chart = new TuningChart(tuning(advised), palette, width);
                    assertThat(chart.curves().svg()).contains("comes at most", "14.1 KiB to be held");
                    String policies = chart.policies().svg();
                    // There is no room for all names on a telephone.
                    if (width == Picture.DEFAULT_WIDTH) {
                        assertThat(policies).contains("ringbuf-each", "perf-each");
                    }
                    assertThat(policies.contains("ring-every-1ms, advised")).isEqualTo(advised != null);
                    assertThat(chart.latency().svg()).contains("perf-each");
                }
            }
        }
    }

    @Test
    void whatIsSavedIsLoaded() {
        Tuning saved = tuning("ring-every-1ms");
        Path stored = new TuningStore(directory.resolve("results")).save(saved);

        assertThat(TuningStore.load(stored)).isEqualTo(saved);
        assertThat(new TuneExperiment()
                        .report(stored, directory.resolve("reports"))
                        .getParent())
                .isDirectoryContaining("glob:**/tuning.md");
    }
}
