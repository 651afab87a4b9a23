package dev.tracetoll.experiment.growth;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.report.Datum;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Signatures;
import dev.tracetoll.report.Template;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The growth of a report. */
record GrowthExhibit(GrowthFigures growth) implements Exhibit {

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String heading() {
        return growth.title();
    }

    /** What parts stay and what grows, on the first axis that has a line. */
    @Override
    public String finding() {
        return growth.series().stream()
                .flatMap(series -> GrowthScreen.line(series).stream())
                .findFirst()
                .orElse(growth.title());
    }

    @Override
    public List<Graphic> graphics() {
        return List.of(new Graphic(
                name(),
                growth.title(),
                growth.axes().stream()
                        .map(axis -> axis.title() + ": "
                                + growth.on(axis).stream()
                                        .map(GrowthExhibit::inWords)
                                        .collect(Collectors.joining("; ")))
                        .collect(Collectors.joining(". ", "", ".")),
                (palette, width) -> new GrowthChart(growth, palette, width).picture()));
    }

    private static String inWords(GrowthFigures.Series series) {
        GrowthFigures.Point first = series.points().get(0);
        GrowthFigures.Point last = series.points().get(series.points().size() - 1);
        return series.technique() + " from " + inWords(first) + " to " + inWords(last);
    }

    private static String inWords(GrowthFigures.Point point) {
        return point.flaw().orElseGet(() -> HumanUnits.added(point.costNs().median()));
    }

    @Override
    public String html() {
        return Template.filled(
                GrowthExhibit.class,
                "growth.html",
                Map.of(
                        "traced",
                        Signatures.ofTargets(growth.run().arms()),
                        "method",
                        HTML.escape(Sentence.of(growth.method())),
                        "axes",
                        growth.axes().stream().map(this::axis).collect(Collectors.joining())));
    }

    private String axis(GrowthAxis axis) {
        return "<h4>" + HTML.escape(Sentence.of(axis.title())) + "</h4>\n"
                + HtmlTable.of(GrowthColumns.table(axis, growth.on(axis)))
                + growth.on(axis).stream()
                        .flatMap(series -> GrowthScreen.line(series).stream())
                        .map(Template::paragraph)
                        .collect(Collectors.joining());
    }

    @Override
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        growth.axes().forEach(axis -> {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add("### " + MARKDOWN.escape(Sentence.of(axis.title())));
            lines.add("");
            lines.addAll(MarkdownTable.lines(GrowthColumns.table(axis, growth.on(axis))));
        });
        return lines;
    }

    @Override
    public List<Datum> data() {
        return growth.series().stream()
                .flatMap(series -> series.points().stream())
                .filter(point -> point.flaw().isEmpty())
                .map(point ->
                        new Datum(point.arm().workload(), point.arm().name(), Datum.Quantity.OVERHEAD, point.costNs()))
                .toList();
    }
}
