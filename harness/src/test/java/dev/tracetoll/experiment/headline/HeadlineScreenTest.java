package dev.tracetoll.experiment.headline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Letters;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadlineScreenTest {

    private static final Golden GOLDEN = Golden.of(HeadlineScreenTest.class);
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    private static String render(Run run, TerminalStyle style, int columns) {
        Run checked = ResultStore.checked(run);
        HeadlineScreen table = new HeadlineScreen(new Screen(style, columns), true);
        return table.render(Headline.of(checked)) + table.renderRemarks(checked);
    }

    @ParameterizedTest
    @CsvSource({"en-US, 80", "en-US, 120", "de-DE, 80", "ar-EG-u-nu-arab, 120"})
    void looksLikeTheGoldenFileInEveryLocale(String locale, int columns) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(locale));

        String text = render(SampleRuns.headline(), TerminalStyle.PLAIN, columns);

        GOLDEN.assertEqual("headline-" + columns + ".txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void showsFloorsPairsAndYardsticks(int columns) throws IOException {
        GOLDEN.assertEqual("whole-" + columns + ".txt", render(SampleRuns.whole(), TerminalStyle.PLAIN, columns));
    }

    @Test
    void whatShowsIsSaidInShareOfTheOverhead() {
        Headline.Row row = Headline.of(SampleRuns.whole()).rows().stream()
                .filter(each -> each.arm().name().equals("ebpf"))
                .findFirst()
                .orElseThrow();
        Interval overhead = row.comparison().orElseThrow().overheadPerCallNs();

        double standardErrors =
                row.detectable().orElseThrow() * overhead.median() / ((overhead.high() - overhead.low()) / 2 / 1.96);
        assertThat(standardErrors).isCloseTo(2.8, within(1e-9));
    }

    @Test
    void flawedArmsShowNeitherOverheadNorRatio() throws IOException {
        GOLDEN.assertEqual("flawed-120.txt", render(SampleRuns.flawed(), TerminalStyle.PLAIN, 120));
    }

    private static String brief(Run run, Letters letters, int columns) {
        Run checked = ResultStore.checked(run);
        HeadlineScreen table = new HeadlineScreen(new Screen(TerminalStyle.PLAIN, letters, columns), false);
        return table.render(Headline.of(checked)) + table.renderRemarks(checked) + "\n" + table.renderAnswer(checked);
    }

    @Test
    void unlessAskedForNotesAreCountedAndOnlyFlawsAreTold() throws IOException {
        GOLDEN.assertEqual("whole-brief-120.txt", brief(SampleRuns.whole(), Letters.UNICODE, 120));
        String flawed = brief(SampleRuns.flawed(), Letters.UNICODE, 80);
        GOLDEN.assertEqual("flawed-brief-80.txt", flawed);
        assertThat(flawed).contains("warning: invalid", "warning: lossy");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 200})
    void asciiIsEnough(int columns) throws IOException {
        String text = brief(SampleRuns.whole(), Letters.ASCII, columns);

        GOLDEN.assertEqual("whole-ascii-" + columns + ".txt", text);
        assertThat(text).matches("\\p{ASCII}*").doesNotContain("?");
    }

    @Test
    void coloursAddNothingButColour() {
        String coloured = render(SampleRuns.flawed(), TerminalStyle.COLOURED, 80);

        assertThat(coloured).contains("\u001b[1;31m").contains("\u001b[33mwarning:");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(render(SampleRuns.flawed(), TerminalStyle.PLAIN, 80));
    }

    @Test
    void coloursOnlyOnATerminalThatWantsThem() {
        assertThat(TerminalStyle.of(true, Map.of("TERM", "xterm"))).isEqualTo(TerminalStyle.COLOURED);
        assertThat(TerminalStyle.of(true, Map.of("NO_COLOR", ""))).isEqualTo(TerminalStyle.COLOURED);
        assertThat(TerminalStyle.of(true, Map.of("NO_COLOR", "1"))).isEqualTo(TerminalStyle.PLAIN);
        assertThat(TerminalStyle.of(true, Map.of("TERM", "dumb"))).isEqualTo(TerminalStyle.PLAIN);
        assertThat(TerminalStyle.of(false, Map.of("TERM", "xterm"))).isEqualTo(TerminalStyle.PLAIN);
    }
}
