package dev.tracetoll.experiment.headline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadlineReportTest {

    @TempDir
    private Path directory;

    private static Picture chart(Run run, Palette palette, int width) {
        return new HeadlineChart(Headline.of(run), palette, width).picture();
    }

    private Path write(Run run, byte[] jmh) {
        Path results = new ResultStore(directory.resolve("results"))
                .save(run, "headline", jmh == null ? Map.of() : Map.of(ResultStore.JMH_FILE, jmh));
        return Objects.requireNonNull(new HeadlineExperiment()
                .report(results, directory.resolve("reports"))
                .getParent());
    }

    @Test
    void writesPageChartsAndData() throws IOException {
        Path report = write(SampleRuns.headline(), "[]".getBytes(StandardCharsets.UTF_8));

        assertThat(report.getFileName()).hasToString("2026-11-22T20-42-05Z-headline");
        try (Stream<Path> files = Files.list(report)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "index.html",
                            "headline.png",
                            "headline.svg",
                            "headline-dark.png",
                            "headline-dark.svg",
                            "headline-distribution.png",
                            "headline-distribution.svg",
                            "headline-distribution-dark.png",
                            "headline-distribution-dark.svg",
                            "data.csv",
                            "report.md",
                            "results");
        }
        Path data = report.resolve("results").resolve(report.getFileName());
        assertThat(data).isDirectoryContaining("glob:**/jmh.json");
        assertThat(ResultStore.load(data)).isEqualTo(ResultStore.checked(SampleRuns.headline()));
    }

    @Test
    void theFiguresLookLikeTheGoldenFiles() throws IOException {
        assertFiguresLookLike("whole-page.html", SampleRuns.whole());
        assertFiguresLookLike("flawed-page.html", SampleRuns.flawed());
    }

    private static void assertFiguresLookLike(String golden, Run run) throws IOException {
        Golden.of(HeadlineReportTest.class)
                .assertEqual(golden, new HeadlineExhibit(List.of(Headline.of(ResultStore.checked(run)))).html());
    }

    @Test
    void thePageStandsAlone() throws IOException {
        String page = Files.readString(write(SampleRuns.headline(), null).resolve("index.html"));

        assertThat(page).doesNotContain("{{", "<script", "jmh.json", "src=");
        assertThat(page).contains("tracetoll bench --seed 7", "Example CPU", "Noise floor", "prefers-color-scheme");
        Matcher ids = Pattern.compile(" id=\"([^\"]*)\"").matcher(page);
        assertThat(ids.results().map(id -> id.group(1)).toList()).isNotEmpty().doesNotHaveDuplicates();
        Matcher used = Pattern.compile("url\\(#([^)]*)\\)").matcher(page);
        assertThat(used.results().map(id -> id.group(1)).distinct())
                .allSatisfy(id -> assertThat(page).contains(" id=\"" + id + "\""));
    }

    @Test
    void thePageNeverShowsAFlawedArmAsCheap() throws IOException {
        String page = Files.readString(write(SampleRuns.flawed(), null).resolve("index.html"));

        assertThat(page)
                .contains("LOSSY: lost 24 of 132\u202f000 events", "INVALID: counts do not add up", "not shown")
                .doesNotContain("×1.");
    }

    @Test
    void whatUsersNameIsEscaped() throws IOException {
        Run run = SampleRuns.run(List.of(SampleRuns.arm("<b>&$1", Arm.UNTRACED, 23_700, EventCounts.NONE)));

        assertThat(Files.readString(write(run, null).resolve("index.html")))
                .contains("&lt;b&gt;&amp;$1")
                .doesNotContain("<b>");
    }

    @Test
    void damagedResultsLeaveNoReport() throws IOException {
        Path results = Files.writeString(directory.resolve("results.json"), "{");

        assertThatThrownBy(() -> new HeadlineExperiment().report(results, directory.resolve("reports")))
                .isInstanceOf(BadInput.class);
        assertThat(directory.resolve("reports")).doesNotExist();
    }

    @Test
    void theChartSaysItsNumbersInHumanUnits() {
        String svg = chart(SampleRuns.headline(), Palette.LIGHT, 960).svg();

        assertThat(svg)
                .contains(
                        ">200 calls of a Go function of about 119 ns<",
                        ">untraced<",
                        ">ebpf<",
                        ">ptrace<",
                        ">10 µs<",
                        ">1 ms<",
                        ">1 s<",
                        ">132\u202f000 events, none lost<");
        Headline.of(SampleRuns.headline())
                .rows()
                .forEach(row -> assertThat(svg)
                        .contains(
                                ">" + HumanUnits.duration(row.burstNs().median()) + "<",
                                ">" + HumanUnits.durationRange(row.burstNs()) + "<"));
    }

    @Test
    void everyPointStandsWhereTheLogarithmicAxisSays() {
        String svg = chart(SampleRuns.headline(), Palette.LIGHT, 960).svg();
        Headline headline = Headline.of(SampleRuns.headline());
        // Labels are centred on their ticks, and these two are of nearly the same width.
        double perDecade = (x(svg, "100 ms") - x(svg, "100 µs")) / 3;

        assertThat(perDecade).isGreaterThan(50);
        double[] markers = markerCentres(svg);
        assertThat(markers).hasSize(headline.rows().size());
        for (int i = 1; i < markers.length; i++) {
            double decades = Math.log10(headline.rows().get(i).burstNs().median()
                    / headline.rows().get(0).burstNs().median());
            assertThat((markers[i] - markers[0]) / perDecade).isBetween(decades - 0.05, decades + 0.05);
        }
    }

    private static double x(String svg, String label) {
        Matcher text = Pattern.compile("<text[^>]* x=\"([^\"]*)\"[^>]*>" + label + "</text>")
                .matcher(svg);
        assertThat(text.find()).as(label).isTrue();
        return Double.parseDouble(text.group(1));
    }

    /** The markers are the only filled circles of their size. */
    private static double[] markerCentres(String svg) {
        return Pattern.compile("<(?:circle|ellipse)[^>]*>")
                .matcher(svg)
                .results()
                .map(shape -> shape.group())
                .filter(shape -> shape.matches(".* rx?=\"5\\.5\".*") && !shape.contains("fill:none"))
                .mapToDouble(shape -> Double.parseDouble(shape.replaceAll(".* cx=\"([^\"]*)\".*", "$1")))
                .toArray();
    }

    @Test
    void isDrawnTheSameWayEveryTime() {
        assertThat(chart(SampleRuns.headline(), Palette.DARK, 960).svg())
                .isEqualTo(chart(SampleRuns.headline(), Palette.DARK, 960).svg());
        assertThat(chart(SampleRuns.headline(), Palette.DARK, 960).png())
                .isEqualTo(chart(SampleRuns.headline(), Palette.DARK, 960).png());
    }

    @Test
    void isDrawnAtTwiceItsSizeOnItsBackground() throws IOException {
        for (int width : new int[] {400, 960, 1400}) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    chart(SampleRuns.flawed(), Palette.DARK, width).png()));

            assertThat(image.getWidth()).isEqualTo(2 * width);
            assertThat(new Color(image.getRGB(0, 0))).isEqualTo(Palette.DARK.background);
            assertThat(new Color(image.getRGB(image.getWidth() - 1, image.getHeight() - 1)))
                    .isEqualTo(Palette.DARK.background);
        }
    }
}
