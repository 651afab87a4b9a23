package dev.tracetoll.experiment.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Metric;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProgramReportTest {

    private static final Golden GOLDEN = Golden.of(ProgramReportTest.class);
    private static final Run RUN = ResultStore.checked(SampleRuns.program());
    private static final ProgramFigures FIGURES = new ProgramFigures(RUN);

    private static Arm arm(String name) {
        return RUN.arms().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theTerminalLooksLikeTheGoldenFile() throws IOException {
        ProgramExperiment experiment = new ProgramExperiment();
        Screen screen = new Screen(TerminalStyle.PLAIN, 100);
        String text = experiment.text(RUN, screen, false)
                + experiment.answer(RUN, screen).orElseThrow();

        GOLDEN.assertEqual("program-100.txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void thePageAndTheMarkdownLookLikeTheGoldenFiles() throws IOException {
        GOLDEN.assertEqual("program-page.html", new ProgramExhibit(FIGURES).html());
        GOLDEN.assertEqual("program.md", String.join("\n", new ProgramExhibit(FIGURES).markdown()) + "\n");
    }

    @Test
    void figuresAreHeldAgainstTheRunsWithoutTracing() {
        assertThat(FIGURES.printed()).containsExactly("requests");
        assertThat(FIGURES.metric(arm("untraced"), "requests").orElseThrow().median())
                .isBetween(15_900.0, 16_200.0);
        assertThat(FIGURES.metricRatio(arm("ebpf"), "requests").orElseThrow().median())
                .isBetween(0.237, 0.239);
        assertThat(FIGURES.metricRatio(arm("untraced"), "requests")).isEmpty();
        assertThat(FIGURES.timeRatio(arm("ebpf")).orElseThrow().median()).isBetween(0.999, 1.001);
    }

    @Test
    void whatLostEventsIsNoEvidence() {
        assertThat(new ProgramWords(FIGURES).finding()).doesNotContain("ptrace").contains("under ebpf");
        assertThat(Flaw.of(arm("ptrace"))).contains("LOSSY");
    }

    @Test
    void ofWhatPrintsNothingTimesAreCompared() {
        Run silent =
                RUN.of(RUN.arms().stream().map(arm -> arm.metrics(List.of())).toList());
        ProgramWords words = new ProgramWords(new ProgramFigures(silent));

        assertThat(words.finding()).contains("multiplies the time of serve by");
        assertThat(new ProgramExperiment().comparisons(silent.arms(), 7)).hasSize(5);
        assertThat(new ProgramExperiment().comparisons(RUN.arms(), 7)).isEmpty();
    }

    @Test
    void whatWasForetoldIsBesideWhatWasMeasured() {
        Metric foretold = new Metric(ProgramMeasurement.FORETOLD, Metric.PLAIN, true, List.of(List.of(0.25)));
        Arm ebpf = arm("ebpf");
        ProgramFigures driven = new ProgramFigures(RUN.of(List.of(
                arm("untraced"),
                ebpf.metrics(Stream.concat(ebpf.metrics().stream(), Stream.of(foretold))
                        .toList()))));
        ProgramFigures silent = new ProgramFigures(
                RUN.of(List.of(arm("untraced").metrics(List.of()), ebpf.metrics(List.of(foretold)))));

        assertThat(driven.printed()).containsExactly("requests");
        assertThat(String.join("\n", new ProgramExhibit(driven).markdown()))
                .containsPattern("\\| ebpf \\|.*\\| ×0.25 \\|")
                .doesNotContain("×4");
        assertThat(String.join("\n", new ProgramExhibit(silent).markdown()))
                .as("a run takes four times as long")
                .containsPattern("\\| ebpf \\|.*\\| ×4.00 \\|");
        assertThat(String.join("\n", new ProgramExhibit(FIGURES).markdown())).doesNotContain("foretold");
    }

    @Test
    void picturesAreDrawnForEachWidthAndColour() {
        new ProgramExhibit(FIGURES).graphics().forEach(graphic -> {
            for (Palette palette : Palette.values()) {
                for (int width : new int[] {Picture.NARROW_WIDTH, Picture.DEFAULT_WIDTH}) {
                    assertThat(graphic.drawing().picture(palette, width).svg()).contains("ebpf", "LOSSY");
                }
            }
            assertThat(graphic.alternative()).contains("ebpf: ×");
        });
    }
}
