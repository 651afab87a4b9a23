package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.report.TerminalChart.Lane;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Letters;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import dev.tracetoll.text.TextWidth;
import dev.tracetoll.tracing.registry.Hue;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalChartTest {

    private static final Golden GOLDEN = Golden.of(TerminalChartTest.class);
    private static final List<Lane> LANES = List.of(
            lane("untraced", Hue.GREY, 23_700, 23_600, 23_800),
            lane("ebpf", Hue.BLUE, 683_000, 500_000, 900_000),
            new Lane("ptrace", Hue.ORANGE, new Interval(1, 1, 1), Optional.of("LOSSY: lost 12 of 66\u202f000 events")),
            lane("ptrace-classic", Hue.ORANGE, 24_500_000, 3_000_000, 25_000_000));
    private static final List<Lane> HOSTILE = List.of(
            lane("a-name-that-is-longer-than-anybody-would-call-a-technique", Hue.TEAL, 2_000, 1_500, 2_500),
            lane("計測計測計測計測計測計測計測計測", Hue.PINK, 3_000, 2_900, 3_100),
            lane("שלום \u202eevil\u001b[31m", Hue.GREEN, 4_000, 3_999, 4_001),
            lane("e\u0301", Hue.AMBER, 9_000, 1_000, 10_000));

    private static Lane lane(String name, Hue hue, double median, double low, double high) {
        return new Lane(name, hue, new Interval(median, low, high), Optional.empty());
    }

    private static String render(List<Lane> lanes, TerminalStyle style, Letters letters, int columns) {
        Screen screen = new Screen(style, letters, columns);
        return screen.text(new TerminalChart(lanes, screen).lines());
    }

    @ParameterizedTest
    @CsvSource({"UNICODE, 40", "UNICODE, 80", "UNICODE, 200", "ASCII, 40", "ASCII, 80"})
    void looksLikeTheGoldenFile(Letters letters, int columns) throws IOException {
        String text = render(LANES, TerminalStyle.PLAIN, letters, columns);

        GOLDEN.assertEqual("chart-" + letters.name().toLowerCase(Locale.ROOT) + "-" + columns + ".txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }

    @ParameterizedTest
    @EnumSource(Letters.class)
    void coloursAddNothingButColour(Letters letters) {
        String coloured = render(LANES, TerminalStyle.COLOURED, letters, 80);

        assertThat(coloured).contains("\u001b[34m", "\u001b[38;5;208m", "\u001b[1;31m");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(render(LANES, TerminalStyle.PLAIN, letters, 80));
    }

    @ParameterizedTest
    @CsvSource({"UNICODE, 40", "UNICODE, 80", "ASCII, 80"})
    void namesStayInTheirColumnWhateverTheyAre(Letters letters, int columns) throws IOException {
        String text = render(HOSTILE, TerminalStyle.PLAIN, letters, columns);

        GOLDEN.assertEqual("chart-hostile-" + letters.name().toLowerCase(Locale.ROOT) + "-" + columns + ".txt", text);
        assertThat(text).doesNotContain("\u202e", "\u001b", "ש");
        assertThat(text.lines())
                .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(columns));
    }

    @Test
    void oneLaneIsEnough() throws IOException {
        GOLDEN.assertEqual("chart-one.txt", render(LANES.subList(0, 1), TerminalStyle.PLAIN, Letters.UNICODE, 80));
    }

    @Test
    void whereNothingIsACostNothingIsDrawn() {
        assertThat(render(LANES.subList(2, 3), TerminalStyle.PLAIN, Letters.UNICODE, 80))
                .isEmpty();
        assertThat(render(List.of(), TerminalStyle.PLAIN, Letters.UNICODE, 80)).isEmpty();
    }
}
