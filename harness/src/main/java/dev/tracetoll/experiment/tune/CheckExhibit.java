package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import java.util.List;
import java.util.Map;

/** A check of the model in a report. */
record CheckExhibit(TuningCheck check) implements Exhibit {

    private CheckDocument document() {
        return new CheckDocument(check);
    }

    @Override
    public String name() {
        return CheckDocument.NAME;
    }

    @Override
    public String heading() {
        return "How good the advice on ring buffers is";
    }

    @Override
    public String finding() {
        return document().summary();
    }

    @Override
    public List<Graphic> graphics() {
        return List.of();
    }

    @Override
    public String html() {
        return "<details>\n<summary>All " + check.settings().size() + " settings</summary>\n"
                + HtmlTable.of(document().table()) + "</details>\n";
    }

    @Override
    public List<String> markdown() {
        return MarkdownTable.lines(document().table());
    }

    @Override
    public Map<String, byte[]> documents() {
        return Map.of(CheckDocument.NAME + ".md", Exhibit.bytes(document().markdown()));
    }
}
