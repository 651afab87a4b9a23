package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.bench.Measurement.Reached;
import dev.tracetoll.cli.ProgressLine.Where;
import dev.tracetoll.text.Letters;
import dev.tracetoll.text.TextWidth;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

    private static final List<String> PARTS =
            List.of("round 3, 2 min left", "ebpf-arguments", "untraced 23.7 µs", "ebpf 684 µs", "ptrace 2.31 s");

    private static String shown(Where where, Letters letters, int columns, Consumer<ProgressLine> what) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        ProgressLine line = new ProgressLine(out, where, letters, () -> OptionalInt.of(columns));
        what.accept(line);
        line.clear();
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String shown(int round) {
        return shown(Where.TERMINAL, Letters.ASCII, 80, line -> line.ofRound(0.5, round, ": 3 arms take turns"));
    }

    private static Reached reached(int round, double share) {
        Map<String, Double> medians = new LinkedHashMap<>();
        if (round > 1) {
            medians.put("untraced", 23_700.0);
            medians.put("ebpf", 684_000.0);
        }
        return new Reached(share, round, Optional.of("ptrace"), medians);
    }

    @Test
    void howMuchTimeIsLeftIsSaidOnceARoundIsKnown() {
        assertThat(shown(1))
                .contains("round 1: 3 arms take turns", "############....")
                .doesNotContain("left");
        assertThat(shown(2)).contains("round 2: 3 arms take turns, 0 s left");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "40 | [████░░░░] round 3, 2 min left",
                "80 | [████████████░░░░░░░░░░░░] round 3, 2 min left · ebpf-arguments",
                "90 | [████████████░░░░░░░░░░░░] round 3, 2 min left · ebpf-arguments · untraced 23.7 µs",
                "200 | [████████████░░░░░░░░░░░░] round 3, 2 min left · ebpf-arguments · untraced 23.7 µs · ebpf 684 µs"
                        + " · ptrace 2.31 s",
                "20 | [████░░░░] round 3…"
            })
    void asMuchIsToldAsFits(int columns, String expected) {
        assertThat(ProgressLine.line(0.5, PARTS, columns)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 200})
    void noLineIsBrokenWhateverArmsAreCalled(int columns) {
        String line =
                ProgressLine.line(1, List.of("round 1", "計測".repeat(9), "\u001b[2J\u202e", "x".repeat(99)), columns);

        assertThat(TextWidth.of(line)).isLessThan(columns);
        assertThat(line).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void asciiIsEnough() {
        String text = shown(Where.TERMINAL, Letters.ASCII, 200, line -> line.ofRun(reached(2, 0.5)));

        assertThat(text)
                .contains("[############............] round 2, 0 s left - ptrace - untraced 23.7 us - ebpf 684 us")
                .matches("[\\p{ASCII}]*");
    }

    @Test
    void nothingStaysOnTheLine() {
        String text = shown(Where.TERMINAL, Letters.UNICODE, 80, line -> {
            line.ofRun(reached(1, 0.1));
            line.ofRun(reached(2, 0.5));
        });

        String last = text.substring(text.lastIndexOf('\r', text.length() - 2));
        assertThat(last).isBlank().endsWith("\r");
        assertThat(last.length()).isLessThanOrEqualTo(80 + 1);
    }

    @Test
    void elsewhereALineIsSaidEachRound() {
        String text = shown(Where.ELSEWHERE, Letters.UNICODE, 80, line -> {
            line.ofRun(reached(1, 0));
            line.ofRun(reached(1, 0.2));
            line.ofRun(reached(2, 0.5));
            line.ofRun(reached(2, 0.6));
        });

        assertThat(text)
                .isEqualTo("tracetoll: round 1\ntracetoll: round 2, 0 s left · untraced 23.7 µs · ebpf 684 µs\n");
    }

    @Test
    void whereNobodyWantsItNothingIsSaid() {
        assertThat(shown(Where.NOWHERE, Letters.UNICODE, 80, line -> {
                    line.ofRun(reached(1, 0));
                    line.show(0.5, "half");
                }))
                .isEmpty();
    }
}
