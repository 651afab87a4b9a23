package dev.tracetoll.experiment.ladder;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.Template;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.Sentence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ladder of a report. */
record LadderExhibit(LadderFigures ladder) implements Exhibit {

    @Override
    public String name() {
        return "ladder";
    }

    @Override
    public String title() {
        return ladder.title();
    }

    @Override
    public Picture picture(Palette palette, int width) {
        return new LadderChart(ladder, palette, width).picture();
    }

    @Override
    public Map<String, byte[]> documents() {
        return Map.of("ladder.md", Exhibit.bytes(new LadderDocument(ladder).markdown()));
    }

    @Override
    public String html() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(
                "sections",
                ladder.sections().stream().map(LadderExhibit::section).collect(Collectors.joining()));
        parts.put("claims", claims());
        parts.put("explanations", explanations());
        parts.put(
                "noiseFloors",
                ladder.noiseFloors().stream().map(Template::paragraph).collect(Collectors.joining()));
        parts.put("accounting", HTML.escape(Sentence.of(ladder.accounting())));
        parts.put("method", HTML.escape(ladder.method()));
        return Template.filled(LadderExhibit.class, "ladder.html", parts);
    }

    private String claims() {
        if (ladder.claims().isEmpty()) {
            return "";
        }
        return "<h2>Bounds</h2>\n<p>" + HTML.escape(LadderFigures.CLAIMS) + "</p>\n"
                + HtmlTable.of(LadderColumns.claims(ladder.claims()))
                + ladder.sustained().map(Template::paragraph).orElse("");
    }

    private static String section(LadderFigures.Section section) {
        return "<h3>" + HTML.escape(section.title()) + "</h3>\n" + HtmlTable.of(LadderColumns.rungs(section.rows()))
                + section.rows().stream()
                        .map(Row::residueInWords)
                        .flatMap(Optional::stream)
                        .map(Template::paragraph)
                        .collect(Collectors.joining());
    }

    private String explanations() {
        Map<String, String> explanations = new LinkedHashMap<>();
        ladder.rows().forEach(row -> explanations.put(row.name(), row.rung().explanation()));
        return explanations.entrySet().stream()
                .map(rung ->
                        "<dt>" + HTML.escape(rung.getKey()) + "</dt><dd>" + HTML.escape(rung.getValue()) + "</dd>\n")
                .collect(Collectors.joining());
    }
}
