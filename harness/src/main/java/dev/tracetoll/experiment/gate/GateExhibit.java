package dev.tracetoll.experiment.gate;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.Template;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A trial of the gate in a report. */
record GateExhibit(OperatingCurve curve) implements Exhibit {

    @Override
    public String name() {
        return OperatingCurveDocument.name(curve);
    }

    @Override
    public String heading() {
        return curve.title();
    }

    @Override
    public String finding() {
        return curve.failure()
                .map(failure -> "The gate failed: " + failure)
                .orElseGet(curve::success)
                .replaceFirst("\\.$", "");
    }

    @Override
    public List<Graphic> graphics() {
        return List.of(new Graphic(
                name(),
                curve.title() + ": share of comparisons that found it, by size of the slowdown",
                curve.trial().points().stream()
                        .map(point -> OperatingCurve.name(point) + ": found in " + point.count(Verdict.DEARER) + " of "
                                + point.comparisons())
                        .collect(Collectors.joining("; ", "", ".")),
                (palette, width) -> new OperatingCurveChart(curve, palette, width).picture()));
    }

    @Override
    public String html() {
        return Template.paragraph(curve.method())
                + HtmlTable.of(OperatingCurveColumns.table(curve.trial().points()))
                + "<p class=\"small\">" + HTML.escape(curve.when()) + "</p>\n";
    }

    @Override
    public List<String> markdown() {
        return MarkdownTable.lines(OperatingCurveColumns.table(curve.trial().points()));
    }

    @Override
    public Map<String, byte[]> documents() {
        return Map.of(name() + ".md", Exhibit.bytes(new OperatingCurveDocument(curve).markdown()));
    }
}
