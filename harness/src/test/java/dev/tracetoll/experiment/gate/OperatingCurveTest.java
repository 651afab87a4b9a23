package dev.tracetoll.experiment.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatingCurveTest {

    private static final Golden GOLDEN = Golden.of(OperatingCurveTest.class);
    private final Locale before = Locale.getDefault();

    @TempDir
    private Path directory;

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    /** A gate that finds 5 % in a third of the cases, and is not always sure of 10 %. */
    static GateTrial trial(int falseAlarms, int missed) {
        Map<Integer, Integer> found = Map.of(5, 33, 10, 97, 20, 100, 50, 100);
        List<Point> points = new ArrayList<>(
                List.of(new Point(null, new Interval(1.001, 0.997, 1.004), 0, 96 - falseAlarms, 4, falseAlarms)));
        for (Slowdown slowdown : Slowdown.TRIED) {
            double size = 1 + slowdown.percent() / 100.0 * (slowdown.place() == Slowdown.Place.TARGET ? 1.06 : 0.98);
            int dearer = found.get(slowdown.percent());
            int fine = slowdown.percent() == 20 ? missed : 0;
            points.add(new Point(
                    slowdown, new Interval(size, size - 0.004, size + 0.005), 0, fine, 100 - dearer, dearer - fine));
        }
        Run run = SampleRuns.headline();
        return new GateTrial(
                GateTrial.SCHEMA_VERSION,
                run.tracetoll(),
                SampleRuns.STARTED,
                SampleRuns.environment(),
                List.of("./tracetoll", "selftest", "gate"),
                7,
                0.05,
                5,
                29.4,
                false,
                "ebpf-arguments",
                points,
                List.of(new GateTrial.Longer(10, points), new GateTrial.Longer(50, points)));
    }

    @ParameterizedTest
    @CsvSource({"en-US, 100", "de-DE, 100", "ar-EG-u-nu-arab, 100"})
    void theTableLooksLikeTheGoldenFileInEveryLocale(String locale, int columns) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(locale));
        GOLDEN.assertEqual(
                "operating-curve.txt",
                new OperatingCurveScreen(new Screen(TerminalStyle.PLAIN, columns)).render(trial(0, 0)));
    }

    @Test
    void thePageLooksLikeTheGoldenFile() throws IOException {
        GOLDEN.assertEqual(
                "operating-curve.md", new OperatingCurveDocument(new OperatingCurve(trial(0, 0))).markdown());
    }

    @Test
    void falseAlarmsAndMissedSlowdownsFail() {
        assertThat(OperatingCurveScreen.passed(trial(1, 0))).isTrue();
        assertThat(OperatingCurveScreen.passed(trial(2, 0))).isFalse();
        assertThat(OperatingCurveScreen.passed(trial(0, 1))).isFalse();
        assertThat(new OperatingCurveScreen(new Screen(TerminalStyle.PLAIN, 100)).render(trial(2, 0)))
                .contains("FAILED: the gate cried wolf in 2 of 100");
        assertThat(new OperatingCurveDocument(new OperatingCurve(trial(0, 1))).markdown())
                .contains(
                        "**The gate failed: the gate called a slowdown of 20 % in the BPF program fine in 1 of 100 comparisons.**");
    }

    @Test
    void theReportHasTheCurveLightAndDark() throws IOException {
        Path results = new TrialStore(directory.resolve("results")).save(trial(0, 0), SampleRuns.headline());
        Path report = Objects.requireNonNull(new GateExperiment()
                .report(results, directory.resolve("reports"))
                .getParent());

        assertThat(results)
                .isDirectoryContaining("glob:**/selftest.json")
                .isDirectoryContaining("glob:**/recording.json");
        assertThat(TrialStore.load(results)).isEqualTo(trial(0, 0));
        assertThat(report).isDirectoryContaining("glob:**/gate-dark.svg").isDirectoryContaining("glob:**/gate.md");
        assertThat(ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(report.resolve("gate.png"))))
                        .getWidth())
                .isEqualTo(2 * Picture.DEFAULT_WIDTH);
        assertThat(Files.readString(report.resolve("gate.svg")))
                .contains(">tolerance<", ">slower in the target<", ">found<");
    }
}
