package dev.tracetoll.experiment.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthTest {

    private static final Golden GOLDEN = Golden.of(GrowthTest.class);
    private static final GrowthFigures FIGURES = GrowthFigures.of(ResultStore.checked(SampleRuns.growth()));

    private final Locale before = Locale.getDefault();

    @TempDir
    private Path directory;

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    private static GrowthFigures.Series series(GrowthAxis axis, String technique) {
        return FIGURES.on(axis).stream()
                .filter(series -> series.technique().equals(technique))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "ar-EG-u-nu-arab"})
    void theTableLooksLikeTheGoldenFileInEveryLocale(String locale) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(locale));
        String text = new GrowthScreen(new Screen(TerminalStyle.PLAIN, 80)).render(FIGURES);

        GOLDEN.assertEqual("growth-80.txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void theLinePartsWhatStaysFromWhatGrows() {
        GrowthFigures.Series calls = series(GrowthAxis.CALLS, "ebpf-arguments");
        assertThat(calls.fixedNs().orElseThrow().median()).isBetween(800.0, 1_000.0);
        assertThat(calls.growingNs().orElseThrow().median()).isBetween(2_800.0, 3_200.0);
        GrowthFigures.Series bytes = series(GrowthAxis.BYTES, "ebpf-arguments");
        assertThat(bytes.fixedNs().orElseThrow().median()).isBetween(770.0, 830.0);
        assertThat(bytes.growingNs().orElseThrow().median()).isBetween(0.08, 0.12);
    }

    @Test
    void noLineGoesThroughAPointThatIsNoCost() {
        assertThat(series(GrowthAxis.CALLS, "ebpf").fixedNs()).isEmpty();
        assertThat(new GrowthScreen(new Screen(TerminalStyle.PLAIN, 80)).render(FIGURES))
                .contains("LOSSY");
    }

    @Test
    void theFiguresOfThePageLookLikeTheGoldenFile() throws IOException {
        GOLDEN.assertEqual("growth-page.html", new GrowthExhibit(FIGURES).html());
    }

    @Test
    void theReportShowsTheGrowth() throws IOException {
        Path results = new ResultStore(directory.resolve("results")).save(SampleRuns.growth(), "growth", Map.of());
        Path report = Objects.requireNonNull(new GrowthExperiment()
                .report(results, directory.resolve("reports"))
                .getParent());

        assertThat(report).isDirectoryContaining("glob:**/growth.png").isDirectoryContaining("glob:**/growth-dark.svg");
        assertThat(Files.readString(report.resolve("index.html")))
                .contains("4\u202f096", "LOSSY", "per burst")
                .doesNotContain("{{");
        for (int width : List.of(Picture.NARROW_WIDTH, Picture.DEFAULT_WIDTH)) {
            byte[] png = new GrowthChart(FIGURES, Palette.DARK, width).picture().png();
            assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(2 * width);
            assertThat(new GrowthChart(FIGURES, Palette.LIGHT, width).picture().svg())
                    .contains(">calls in a burst<", ">at 0<");
        }
    }
}
