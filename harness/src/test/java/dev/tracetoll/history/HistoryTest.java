package dev.tracetoll.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Palette;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.ChangePoints.ChangePoint;
import dev.tracetoll.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {

    private static final History STEPPED = History.of(SampleHistories.stepped());

    @TempDir
    private Path directory;

    private static ArmHistory arm(String name) {
        return STEPPED.arms().stream()
                .filter(arm -> arm.arm().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Series series(String name, Measure measure) {
        return arm(name).of(measure).orElseThrow();
    }

    private static void assertLooksLike(String name, String rendered) throws IOException {
        Golden.of(HistoryTest.class).assertEqual(name, rendered);
    }

    @Test
    void whatBecameDearerIsFoundInAllFigures() {
        for (Measure measure : Measure.values()) {
            Series series = series("ebpf-arguments", measure);

            assertThat(series.readings()).hasSize(9);
            assertThat(series.changes()).as(measure.inWords()).hasSize(1);
            assertThat(series.runOf(series.changes().get(0))).isEqualTo(5);
            assertThat(series.changes().get(0).share()).isBetween(0.15, 0.3);
        }
    }

    @Test
    void aRunOnASlowMachineIsNoNewLevel() {
        List<ChangePoint> others = STEPPED.arms().stream()
                .filter(arm -> !arm.arm().equals("ebpf-arguments"))
                .flatMap(arm -> arm.series().stream())
                .flatMap(series -> series.changes().stream())
                .toList();

        assertThat(others).isEmpty();
    }

    @Test
    void eachRunIsComparedWithTheOneBefore() {
        assertThat(arm("ebpf-arguments").verdicts())
                .doesNotContainKey(0)
                .containsEntry(4, Verdict.FINE)
                .containsEntry(5, Verdict.DEARER)
                .containsEntry(6, Verdict.FINE);
    }

    @Test
    void whatLostEventsIsLeftOutAndSaid() {
        assertThat(series("ebpf", Measure.OVERHEAD).in(3)).isEmpty();
        assertThat(series("ebpf", Measure.OVERHEAD).readings()).hasSize(8);
        assertThat(STEPPED.leftOut())
                .containsExactly("2026-12-13 20:42: ebpf on calls lost 2 of 132000 events, so its time is no cost");
    }

    @Test
    void theOrderInWhichRunsAreNamedDoesNotMatter() {
        List<Run> shuffled = new ArrayList<>(SampleHistories.stepped());
        Collections.reverse(shuffled);

        assertThat(HistoryCsv.of(History.of(shuffled))).isEqualTo(HistoryCsv.of(STEPPED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "ar-EG-u-nu-arab"})
    void looksLikeTheGoldenFilesInEveryLocale(String locale) throws IOException {
        Golden.inLocale(locale, () -> {
            assertLooksLike("history.md", HistoryMarkdown.of(STEPPED));
            assertLooksLike("history.csv", HistoryCsv.of(STEPPED));
            assertLooksLike("history-page.html", new HistoryPage(STEPPED).text(true));
        });
    }

    @Test
    void fewRunsLookLikeTheGoldenFile() throws IOException {
        assertLooksLike("history-few.md", HistoryMarkdown.of(History.of(SampleHistories.first(3))));
    }

    @Test
    void writesPageAndFigures() throws IOException {
        ResultStore store = new ResultStore(directory.resolve("results"));
        List<Path> runs = SampleHistories.first(2).stream()
                .map(run -> store.save(run, "headline", Map.of()))
                .toList();
        Path page = new HistoryWriter(directory.resolve("reports")).write(runs);

        assertThat(page.getParent().getFileName()).hasToString("2026-11-29T20-42-05Z-headline-history");
        try (Stream<Path> files = Files.list(page.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("index.html", "history.md", "history.csv");
        }
    }

    @Test
    void thePageStandsAlone() {
        String page = new HistoryPage(STEPPED).html();

        assertThat(page)
                .doesNotContain("{{", "<script", "src=", "@import")
                .contains("prefers-color-scheme", "href=\"history.csv\"", "+25 %");
        List<String> ids = all(" id=\"([^\"]*)\"", page);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(all("url\\(#([^)]*)\\)", page)).isSubsetOf(ids);
        int figures =
                STEPPED.arms().stream().mapToInt(arm -> arm.series().size()).sum();
        assertThat(all("(<svg)", page)).hasSize(figures);
        assertThat(all("(<title id)", page)).as("what each is called").hasSize(figures);
    }

    private static List<String> all(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.results().map(found -> found.group(1)).toList();
    }

    @Test
    void aChartHasAPointForEachRunAndSaysWhatChanged() {
        String svg = new SeriesChart(
                        STEPPED.runs(), arm("ebpf-arguments"), series("ebpf-arguments", Measure.FLOORS), Palette.LIGHT)
                .picture()
                .svg();

        assertThat(svg).contains(">+25 %<", ">2026-11-22<", ">2027-01-17<");
        assertThat(all("(<(?:circle|ellipse)[^>]* rx?=\"3)", svg)).hasSize(9);
    }

    @Test
    void axesHaveRoundNumbersAndSomeOfThem() {
        for (double low : new double[] {-3, 0, 0.98, 7, 12_345}) {
            for (double range : new double[] {0.001, 0.3, 1, 7, 5_500}) {
                List<Double> ticks = SeriesChart.ticks(low, low + range);

                assertThat(ticks).as("%s and %s above", low, range).hasSizeBetween(2, 6);
                assertThat(ticks).allSatisfy(tick -> assertThat(tick).isBetween(low, low + range));
            }
        }
    }

    @Test
    void refusesWhatMakesNoHistory() {
        List<Run> two = SampleHistories.first(2);
        assertRefused(two.subList(0, 1), "two runs at least");
        assertRefused(List.of(SampleHistories.elsewhere(two.get(0)), two.get(1)), "different environments", "6.1");
        assertRefused(List.of(two.get(0), SampleRuns.growth()), "different experiments", "headline and growth");
        assertRefused(List.of(two.get(0), two.get(0)), "named twice");
        assertRefused(List.of(SampleRuns.flawed(), two.get(1)), "do not add up");
        List<Run> untraced = IntStream.range(0, 2)
                .mapToObj(i -> two.get(i).of(two.get(i).arms().subList(0, 2)))
                .toList();
        assertRefused(untraced, "no arm that is traced");
    }

    private static void assertRefused(List<Run> runs, String... words) {
        assertThatThrownBy(() -> History.of(runs))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("; ")
                .message()
                .doesNotContain("\n");
    }
}
