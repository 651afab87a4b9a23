package dev.tracetoll.experiment.tune;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Template;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A tuning in a report. */
record TuningExhibit(Tuning tuning) implements Exhibit {

    @Override
    public String name() {
        return TuningDocument.NAME;
    }

    @Override
    public String heading() {
        return "How large a ring buffer, and how it is drained";
    }

    @Override
    public String finding() {
        return words().title();
    }

    private TuningWords words() {
        return new TuningWords(tuning);
    }

    @Override
    public List<Graphic> graphics() {
        return List.of(
                new Graphic(
                        TuningDocument.POLICIES,
                        "Added to a call against the size of the buffer, policy by policy",
                        tuning.tried().stream()
                                .map(each -> each.asPolicy().inWords() + ": "
                                        + HumanUnits.added(each.overheadNs().median()) + " with "
                                        + ByteSize.inWords(each.bytes()))
                                .collect(Collectors.joining("; ", "", ".")),
                        (palette, width) -> new TuningChart(tuning, palette, width).policies()),
                new Graphic(
                        TuningDocument.LATENCY,
                        "How long records wait, policy by policy",
                        tuning.tried().stream()
                                .map(each -> each.asPolicy().inWords() + ": 999 of 1000 no longer than "
                                        + HumanUnits.duration(each.latencyNs().p999()))
                                .collect(Collectors.joining("; ", "", ".")),
                        (palette, width) -> new TuningChart(tuning, palette, width).latency()),
                new Graphic(
                        TuningDocument.CURVES,
                        "The most that comes and the least that is read within a time",
                        tuning.curves().isEmpty()
                                ? "Nothing was seen."
                                : tuning.advice()
                                        .flatMap(Tuning.Tried::predicted)
                                        .map(bytes ->
                                                "The largest distance between the two is what a buffer must hold: "
                                                        + ByteSize.inWords(bytes) + ".")
                                        .orElse("The reader does not keep up."),
                        (palette, width) -> new TuningChart(tuning, palette, width).curves()));
    }

    @Override
    public String html() {
        TuningWords words = words();
        return Template.paragraph(words.advice())
                + words.options().stream()
                        .map(options -> "<pre tabindex=\"0\"><code>" + HTML.escape(options) + "</code></pre>\n")
                        .collect(Collectors.joining())
                + HtmlTable.of(TuningColumns.policies(tuning))
                + Template.paragraph(words.method())
                + words.verification()
                        .map(table -> "<h3>Tried once more</h3>\n" + HtmlTable.of(table))
                        .orElse("")
                + (words.tools().isEmpty()
                        ? ""
                        : "<h3>The same for other tools</h3>\n" + HtmlTable.of(TuningColumns.tools(words.tools())));
    }

    @Override
    public List<String> markdown() {
        return MarkdownTable.lines(TuningColumns.policies(tuning));
    }

    @Override
    public Map<String, byte[]> documents() {
        return Map.of(TuningDocument.NAME + ".md", Exhibit.bytes(new TuningDocument(tuning).markdown()));
    }
}
