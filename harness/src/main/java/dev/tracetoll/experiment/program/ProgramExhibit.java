package dev.tracetoll.experiment.program;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.report.Datum;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Signatures;
import dev.tracetoll.report.Template;
import dev.tracetoll.results.Arm;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs of somebody's own program in a report. */
record ProgramExhibit(ProgramFigures figures) implements Exhibit {

    @Override
    public String name() {
        return ProgramExperiment.NAME;
    }

    @Override
    public String heading() {
        return "What tracing costs " + figures.untraced().target();
    }

    @Override
    public String finding() {
        return words().finding();
    }

    private ProgramWords words() {
        return new ProgramWords(figures);
    }

    @Override
    public List<Graphic> graphics() {
        List<Graphic> graphics = new ArrayList<>();
        figures.printed()
                .forEach(metric -> graphics.add(graphic(
                        name() + "-" + (graphics.size() + 1),
                        Optional.of(metric),
                        arm -> figures.metricRatio(arm, metric))));
        graphics.add(graphic(name(), Optional.empty(), figures::timeRatio));
        return graphics;
    }

    private Graphic graphic(String file, Optional<String> metric, Function<Arm, Optional<Interval>> ratio) {
        return new Graphic(
                file,
                Sentence.capitalised(ProgramChart.title(figures, metric)),
                figures.arms().stream()
                        .flatMap(arm -> ratio.apply(arm).stream()
                                .map(each -> arm.name() + ": " + HumanUnits.ratio(each.median())))
                        .collect(Collectors.joining("; ", "", ".")),
                (palette, width) -> new ProgramChart(figures, metric, words().method(), palette, width).picture());
    }

    @Override
    public String html() {
        return figures.printed().stream()
                        .map(metric -> "<h3>" + HTML.escape(Sentence.capitalised(metric)) + "</h3>\n"
                                + HtmlTable.of(ProgramColumns.metric(figures, metric)))
                        .collect(Collectors.joining())
                + "<h3>What a run takes</h3>\n" + HtmlTable.of(ProgramColumns.runs(figures))
                + Template.paragraph(Sentence.of(words().method()))
                + Template.paragraph(explained())
                + signatures().section(words().traced());
    }

    private Signatures signatures() {
        return Signatures.of(figures.arms());
    }

    /** What the names of the arms mean, and how it is known that nothing was missed. */
    private static String explained() {
        return "Ratios are to the runs without tracing; what untraced-again differs by is noise. Under ebpf-count the "
                + "kernel counts calls and tells nothing of them, and what the others have seen and lost is held "
                + "against that count.";
    }

    @Override
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        figures.printed().forEach(metric -> {
            lines.add("### " + MARKDOWN.escape(Sentence.capitalised(metric)));
            lines.add("");
            lines.addAll(MarkdownTable.lines(ProgramColumns.metric(figures, metric)));
            lines.add("");
        });
        lines.add("### What a run takes");
        lines.add("");
        lines.addAll(MarkdownTable.lines(ProgramColumns.runs(figures)));
        lines.addAll(signatures().markdown(words().traced()));
        return lines;
    }

    @Override
    public List<Datum> data() {
        List<Datum> data = new ArrayList<>();
        for (Arm arm : figures.arms()) {
            if (Flaw.of(arm).isEmpty()) {
                data.add(new Datum(arm.workload(), arm.name(), Datum.Quantity.BURST, figures.timeNs(arm)));
                figures.timeRatio(arm)
                        .ifPresent(
                                ratio -> data.add(new Datum(arm.workload(), arm.name(), Datum.Quantity.RATIO, ratio)));
            }
        }
        return data;
    }
}
