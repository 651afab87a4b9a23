package dev.tracetoll.experiment.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
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
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderTest {

    private static final Golden GOLDEN = Golden.of(LadderTest.class);
    private static final LadderFigures FIGURES = LadderFigures.of(ResultStore.checked(SampleRuns.ladder()));

    private final Locale before = Locale.getDefault();

    @TempDir
    private Path directory;

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    private static LadderFigures.Row row(String name, CpuPlacement placement) {
        return FIGURES.rows().stream()
                .filter(row -> row.name().equals(name) && row.placement() == placement)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"en-US, 80", "en-US, 120", "de-DE, 80", "ar-EG-u-nu-arab, 120"})
    void theTableLooksLikeTheGoldenFileInEveryLocale(String locale, int columns) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(locale));

        String text = new LadderScreen(new Screen(TerminalStyle.PLAIN, columns)).render(FIGURES);

        GOLDEN.assertEqual("ladder-" + columns + ".txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }

    @Test
    void theDocumentLooksLikeTheGoldenFile() throws IOException {
        Locale.setDefault(Locale.GERMANY);

        GOLDEN.assertEqual("ladder.md", new LadderDocument(FIGURES).markdown());
    }

    @Test
    void theFiguresOfThePageLookLikeTheGoldenFile() throws IOException {
        GOLDEN.assertEqual("ladder-page.html", new LadderExhibit(FIGURES).html());
    }

    @Test
    void aRungStandsOnTheNextLowerThatWasMeasured() {
        assertThat(row("ebpf-arguments", CpuPlacement.ONE_CORE)
                        .below()
                        .orElseThrow()
                        .name())
                .isEqualTo("ebpf-empty");
        assertThat(row("ebpf-wakeup", CpuPlacement.TWO_CORES)
                        .below()
                        .orElseThrow()
                        .name())
                .isEqualTo("ebpf");
        assertThat(row("ptrace-floor", CpuPlacement.TWO_CORES)
                        .below()
                        .orElseThrow()
                        .placement())
                .isEqualTo(CpuPlacement.TWO_CORES);
        assertThat(row("untraced text", CpuPlacement.ONE_CORE).below()).isEmpty();
    }

    @Test
    void theStepsOfAChainAddUpToItsOverhead() {
        double steps = Stream.of("ebpf-unhit", "ebpf-empty", "ebpf-arguments", "ebpf")
                .map(name -> row(name, CpuPlacement.ONE_CORE))
                .mapToDouble(row -> row.step().orElseThrow().overheadPerCallNs().median())
                .sum();

        assertThat(steps).isCloseTo(row("ebpf", CpuPlacement.ONE_CORE).costNs().median(), within(1e-6));
    }

    @Test
    void aFloorCountsAsOftenAsItIsPaid() {
        // 3.2 stops, over two; 1.5 over one. The bursts vary by 2 %.
        assertThat(row("ptrace", CpuPlacement.TWO_CORES).ofFloor().orElseThrow().median())
                .isBetween(1.55, 1.65);
        assertThat(row("ptrace-arguments", CpuPlacement.TWO_CORES)
                        .ofFloor()
                        .orElseThrow()
                        .median())
                .isBetween(1.45, 1.55);
    }

    @Test
    void theResidueIsWhatFloorAndPartsLeave() {
        // 3.2 stops less two for the floor and half a one for the arguments: 0.7 stops of 105 µs.
        assertThat(row("ptrace", CpuPlacement.TWO_CORES)
                        .residueNs()
                        .orElseThrow()
                        .median())
                .isBetween(60_000.0, 90_000.0);
        assertThat(row("ptrace-arguments", CpuPlacement.TWO_CORES).residueNs()).isEmpty();
    }

    @Test
    void boundsAreComparedWithWhatWasMeasured() {
        assertThat(FIGURES.claims())
                .extracting(words -> words.what() + ": " + words.outcome())
                .contains(
                        "ebpf-arguments to its floor, one core: missed",
                        "ebpf to its floor, one core: kept",
                        "2 threads to 1: kept",
                        "inline, 2 threads to 1, to its floor's growth: kept",
                        "10\u202f000 probed functions to 1: missed",
                        "bpftrace to ebpf-arguments: kept",
                        "dlv-ebpf to ebpf-arguments: missed",
                        "dlv to ptrace-arguments: kept",
                        "sustained: events lost: kept",
                        "sustained: tracer CPU an event: kept");
        assertThat(new LadderDocument(FIGURES).markdown()).contains("**Missed: ebpf-arguments to its floor, one core;");
    }

    @Test
    void theTimeOfACallIsThatOfOneThread() {
        ClaimWords threads = FIGURES.claims().stream()
                .filter(words -> words.what().equals("2 threads to 1"))
                .findFirst()
                .orElseThrow();

        // 140 µs for 200 calls of one thread, 74 µs of two: 700 and 740 ns.
        assertThat(threads.claim().againstNs().orElseThrow().median()).isBetween(680.0, 720.0);
        assertThat(threads.claim().costNs().orElseThrow().median()).isBetween(720.0, 760.0);
    }

    @Test
    void aLossyRungShowsNoCost() {
        assertThat(new LadderScreen(new Screen(TerminalStyle.PLAIN, 120))
                        .render(FIGURES)
                        .lines()
                        .filter(line -> line.startsWith("ebpf-wakeup")))
                .satisfiesExactly(
                        one -> assertThat(one).contains("+"),
                        drawn -> assertThat(drawn).contains("●"),
                        two -> assertThat(two).contains("LOSSY").doesNotContain("+", "×"),
                        notDrawn -> assertThat(notDrawn).contains("LOSSY").doesNotContain("●"));
    }

    @Test
    void theReportShowsTheLadder() throws IOException {
        Path results = new ResultStore(directory.resolve("results")).save(SampleRuns.ladder(), "ladder", Map.of());
        Path report = Objects.requireNonNull(new LadderExperiment()
                .report(results, directory.resolve("reports"))
                .getParent());

        for (Rung.Group group : Rung.Group.values()) {
            boolean measured =
                    FIGURES.rows().stream().anyMatch(row -> row.rung().group() == group);
            for (String ending : List.of(".png", ".svg", "-dark.png", "-dark.svg")) {
                assertThat(Files.exists(report.resolve(LadderExhibit.picture(group) + ending)))
                        .as("%s%s", group, ending)
                        .isEqualTo(measured);
            }
        }
        assertThat(report).isDirectoryContaining("glob:**/ladder.md");
        assertThat(Files.readString(report.resolve("index.html")))
                .contains("Functions under ptrace, two cores", "LOSSY", "Residue of ebpf")
                .doesNotContain("{{", "headline.png");
        assertThat(ResultStore.load(report.resolve("results").resolve(report.getFileName())))
                .isEqualTo(ResultStore.checked(SampleRuns.ladder()));
    }

    @Test
    void theChartsAreDrawnInEveryWidthTheSameWayEveryTime() throws IOException {
        for (int width : List.of(Picture.NARROW_WIDTH, Picture.DEFAULT_WIDTH)) {
            byte[] png = chart(FIGURES, Rung.Group.FUNCTIONS_EBPF, Palette.DARK, width)
                    .png();
            assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(2 * width);
            assertThat(chart(FIGURES, Rung.Group.FUNCTIONS_EBPF, Palette.DARK, width)
                            .png())
                    .isEqualTo(png);
            assertThat(chart(FIGURES, Rung.Group.FUNCTIONS_EBPF, Palette.LIGHT, width)
                            .svg())
                    .contains(">ebpf-empty<", ">LOSSY<", "hollow: on two");
            assertThat(chart(FIGURES, Rung.Group.FUNCTIONS_PTRACE, Palette.LIGHT, width)
                            .svg())
                    .contains(">" + row("ptrace", CpuPlacement.TWO_CORES).cost() + "<");
        }
    }

    private static Picture chart(LadderFigures ladder, Rung.Group group, Palette palette, int width) {
        return new LadderChart(ladder, group, palette, width).picture();
    }

    @Test
    void onePlacementAloneIsShownAsWell() {
        Run ladder = SampleRuns.ladder();
        var arms = ladder.arms().stream()
                .filter(arm -> arm.placement() == CpuPlacement.ONE_CORE)
                .toList();
        Run one = new Run(
                Run.SCHEMA_VERSION,
                ladder.tracetoll(),
                ladder.started(),
                ladder.environment(),
                "ladder",
                ladder.command(),
                7,
                ladder.budgetNs(),
                ladder.stopped(),
                arms,
                new Comparisons(7).of(arms),
                List.of());

        assertThat(new LadderScreen(new Screen(TerminalStyle.PLAIN, 120)).render(LadderFigures.of(one)))
                .contains("one core")
                .doesNotContain("two cores");
        assertThat(chart(LadderFigures.of(one), Rung.Group.FUNCTIONS_EBPF, Palette.LIGHT, 960)
                        .svg())
                .doesNotContain("hollow");
    }
}
