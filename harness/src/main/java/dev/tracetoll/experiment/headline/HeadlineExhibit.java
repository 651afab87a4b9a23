package dev.tracetoll.experiment.headline;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.Template;
import dev.tracetoll.results.Arm;
import dev.tracetoll.text.HtmlTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headline of a report. */
record HeadlineExhibit(Headline headline) implements Exhibit {

    @Override
    public String name() {
        return "headline";
    }

    @Override
    public String title() {
        return headline.title();
    }

    @Override
    public Picture picture(Palette palette, int width) {
        return new HeadlineChart(headline, palette, width).picture();
    }

    @Override
    public String html() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("title", HTML.escape(headline.title()));
        parts.put("figures", HtmlTable.of(HeadlineColumns.table(headline.rows())));
        parts.put("remarks", remarks());
        parts.put("method", HTML.escape(headline.method()));
        return Template.filled(HeadlineExhibit.class, "headline.html", parts);
    }

    private String remarks() {
        return Stream.of(
                        headline.floorsInWords(),
                        headline.noiseFloorInWords(),
                        headline.detectableInWords(),
                        Yardsticks.inWords(headline.run()))
                .flatMap(Optional::stream)
                .map(Template::paragraph)
                .collect(Collectors.joining());
    }

    /** Of a run with other tools, what the documentation says of them. */
    @Override
    public Map<String, byte[]> documents() {
        return headline.run().arms().stream().anyMatch(Arm::peer)
                ? Map.of("peers.md", Exhibit.bytes(new PeerDocument(headline.run()).markdown()))
                : Map.of();
    }
}
