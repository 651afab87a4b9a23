package dev.tracetoll.experiment.headline;

import static dev.tracetoll.report.Html.cell;
import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Html;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.text.Sentence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headline of a report. */
record HeadlineExhibit(Headline headline) implements Exhibit {

    private static final String NOTHING = "–";

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
        parts.put("rows", headline.rows().stream().map(HeadlineExhibit::row).collect(Collectors.joining()));
        parts.put("remarks", remarks());
        parts.put("method", HTML.escape(headline.method()));
        return Html.filled(HeadlineExhibit.class, "headline.html", parts);
    }

    private String remarks() {
        return Stream.of(headline.floorsInWords(), headline.noiseFloorInWords(), headline.detectableInWords(), Yardsticks.inWords(headline.run()))
                .flatMap(Optional::stream).map(words -> "<p>" + HTML.escape(Sentence.of(words)) + "</p>\n").collect(Collectors.joining());
    }

    /** Of a run with other tools, what the documentation says of them. */
    @Override
    public Map<String, byte[]> documents() {
        return headline.run().arms().stream().anyMatch(Arm::peer) ? Map.of("peers.md", Exhibit.bytes(new PeerDocument(headline.run()).markdown())) : Map.of();
    }

    private static String row(Headline.Row row) {
        Arm arm = row.arm();
        String name = row.flaw()
                .map(flaw -> " <strong class=\"flaw\">" + flaw + "</strong>").orElse("");
        return "<tr" + (row.flaw().isPresent() ? " class=\"flawed\"" : "") + "><th scope=\"row\">" + HTML.escape(row.name()) + name + "</th>"
                + cell(HumanUnits.duration(row.burstNs().median()), HumanUnits.durationRange(row.burstNs()))
                + cost(row, of -> HumanUnits.duration(of.overheadPerCallNs().median()), of -> HumanUnits.durationRange(of.overheadPerCallNs()))
                + cost(row, of -> HumanUnits.ratio(of.ratio().median()), of -> HumanUnits.ratioRange(of.ratio()))
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.expected()), "")
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.seen()), "")
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.lost()), "")
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.wrong()), "")
                + cell(HumanUnits.duration(arm.targetCpuNs()), "")
                + cell(arm.untraced() ? NOTHING : HumanUnits.duration(arm.tracerCpuNs()), "")
                + cell(arm.untraced() ? NOTHING : HumanUnits.bytes(arm.tracerPeakBytes()), "")
                + "</tr>\n";
    }

    private static String cost(Headline.Row row, Function<Comparison, String> median, Function<Comparison, String> range) {
        if (row.flaw().isPresent()) {
            return cell("not shown", "");
        }
        return cell(row.comparison().map(median).orElse(NOTHING), row.comparison().map(range).orElse(""));
    }
}
