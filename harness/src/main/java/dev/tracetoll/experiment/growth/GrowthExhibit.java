package dev.tracetoll.experiment.growth;

import static dev.tracetoll.report.Html.cell;
import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.experiment.growth.GrowthFigures.Series;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Html;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.text.Sentence;
import java.util.Map;
import java.util.stream.Collectors;

/** The growth of a report. */
record GrowthExhibit(GrowthFigures growth) implements Exhibit {

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String title() {
        return growth.title();
    }

    @Override
    public Picture picture(Palette palette, int width) {
        return new GrowthChart(growth, palette, width).picture();
    }

    @Override
    public String html() {
        return Html.filled(GrowthExhibit.class, "growth.html", Map.of("method", HTML.escape(Sentence.of(growth.method())),
                "axes", growth.axes().stream().map(this::axis).collect(Collectors.joining())));
    }

    private String axis(GrowthAxis axis) {
        return "<h3>" + HTML.escape(Sentence.of(axis.title())) + "</h3>\n<div class=\"scroll\">\n<table>\n<thead><tr><th scope=\"col\">technique</th>"
                + "<th scope=\"col\">" + HTML.escape(axis.title()) + "</th><th scope=\"col\">overhead<br>per call</th></tr></thead>\n<tbody>\n"
                + growth.on(axis).stream().map(GrowthExhibit::rows).collect(Collectors.joining()) + "</tbody>\n</table>\n</div>\n"
                + growth.on(axis).stream().flatMap(series -> GrowthTable.line(series).stream())
                        .map(words -> "<p>" + HTML.escape(Sentence.of(words)) + "</p>\n").collect(Collectors.joining());
    }

    private static String rows(Series series) {
        return series.points().stream().map(point -> "<tr" + (point.flaw().isPresent() ? " class=\"flawed\"" : "") + "><th scope=\"row\">"
                + HTML.escape(series.technique()) + "</th>" + cell(HumanUnits.count(point.value()), "")
                + point.flaw().map(flaw -> cell(flaw, "")).orElseGet(() -> cell(HumanUnits.added(point.costNs().median()),
                        HumanUnits.durationRange(point.costNs()))) + "</tr>\n").collect(Collectors.joining());
    }
}
