package dev.tracetoll.experiment.growth;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.Template;
import dev.tracetoll.text.HtmlTable;
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
        return Template.filled(
                GrowthExhibit.class,
                "growth.html",
                Map.of(
                        "method",
                        HTML.escape(Sentence.of(growth.method())),
                        "axes",
                        growth.axes().stream().map(this::axis).collect(Collectors.joining())));
    }

    private String axis(GrowthAxis axis) {
        return "<h3>" + HTML.escape(Sentence.of(axis.title())) + "</h3>\n"
                + HtmlTable.of(GrowthColumns.table(axis, growth.on(axis)))
                + growth.on(axis).stream()
                        .flatMap(series -> GrowthScreen.line(series).stream())
                        .map(Template::paragraph)
                        .collect(Collectors.joining());
    }
}
