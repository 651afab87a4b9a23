package dev.tracetoll.experiment.ladder;

import static dev.tracetoll.report.Html.cell;
import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Html;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.Arm;
import dev.tracetoll.text.Sentence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ladder of a report. */
record LadderExhibit(LadderFigures ladder) implements Exhibit {

    private static final String NOTHING = "–";

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
        parts.put("sections", ladder.sections().stream().map(LadderExhibit::section).collect(Collectors.joining()));
        parts.put("claims", claims());
        parts.put("explanations", explanations());
        parts.put("noiseFloors", ladder.noiseFloors().stream().map(words -> "<p>" + HTML.escape(Sentence.of(words)) + "</p>\n")
                .collect(Collectors.joining()));
        parts.put("accounting", HTML.escape(Sentence.of(ladder.accounting())));
        parts.put("method", HTML.escape(ladder.method()));
        return Html.filled(LadderExhibit.class, "ladder.html", parts);
    }

    private String claims() {
        if (ladder.claims().isEmpty()) {
            return "";
        }
        return "<h2>Bounds</h2>\n<p>" + HTML.escape(LadderFigures.CLAIMS) + "</p>\n<div class=\"scroll\">\n<table>\n<thead><tr>"
                + Stream.of("", "figure", "asked", "outcome", "empty<br>program", "costs a call").map(title -> "<th scope=\"col\">" + title + "</th>")
                        .collect(Collectors.joining()) + "</tr></thead>\n<tbody>\n"
                + ladder.claims().stream().map(LadderExhibit::claim).collect(Collectors.joining()) + "</tbody>\n</table>\n</div>\n"
                + ladder.sustained().map(words -> "<p>" + HTML.escape(Sentence.of(words)) + "</p>\n").orElse("");
    }

    private static String claim(ClaimWords words) {
        boolean missed = words.claim().outcome().missed();
        return "<tr><th scope=\"row\">" + HTML.escape(words.what()) + "</th>" + cell(words.figure(), words.range()) + cell(words.asked(), "")
                + (missed ? "<td><strong class=\"flaw\">" + words.outcome() + "</strong></td>" : cell(words.outcome(), ""))
                + cell(words.ofFloor(), "") + cell(words.costs().orElse(NOTHING), "") + "</tr>\n";
    }

    private static String section(LadderFigures.Section section) {
        return "<h3>" + HTML.escape(section.title()) + "</h3>\n<div class=\"scroll\">\n<table>\n<thead><tr><th scope=\"col\">rung</th>"
                + "<th scope=\"col\">cost<br>per call</th><th scope=\"col\">adds</th><th scope=\"col\">of its<br>floor</th>"
                + "<th scope=\"col\">events<br>expected</th><th scope=\"col\">seen</th><th scope=\"col\">lost</th></tr></thead>\n<tbody>\n"
                + section.rows().stream().map(LadderExhibit::row).collect(Collectors.joining()) + "</tbody>\n</table>\n</div>\n"
                + section.rows().stream().map(Row::residueInWords).flatMap(Optional::stream)
                        .map(words -> "<p>" + HTML.escape(Sentence.of(words)) + "</p>\n").collect(Collectors.joining());
    }

    private static String row(Row row) {
        String flaw = row.flaw().map(name -> " <strong class=\"flaw\">" + name + "</strong>").orElse("");
        String sites = row.siteClasses().isEmpty() ? "" : "<small>" + HTML.escape(row.siteClasses()) + "</small>";
        return "<tr" + (flaw.isEmpty() ? "" : " class=\"flawed\"") + "><th scope=\"row\">" + HTML.escape(row.name()) + flaw + sites + "</th>"
                + shown(row, of -> cell(of.cost(), HumanUnits.durationRange(of.costNs())))
                + shown(row, of -> of.step().map(step -> cell(HumanUnits.added(step.overheadPerCallNs().median()),
                        HumanUnits.durationRange(step.overheadPerCallNs()))).orElse(cell(NOTHING, "")))
                + shown(row, of -> of.ofFloor().map(ratio -> cell(HumanUnits.ratio(ratio.median()), HumanUnits.ratioRange(ratio)))
                        .orElse(cell(NOTHING, "")))
                + events(row, Arm::expected) + events(row, Arm::seen) + events(row, Arm::lost) + "</tr>\n";
    }

    private static String events(Row row, Function<Arm, Long> count) {
        return cell(row.arm().expected() == 0 && row.arm().seen() == 0 ? NOTHING : Long.toString(count.apply(row.arm())), "");
    }

    private String explanations() {
        Map<String, String> explanations = new LinkedHashMap<>();
        ladder.rows().forEach(row -> explanations.put(row.name(), row.rung().explanation()));
        return explanations.entrySet().stream().map(rung -> "<dt>" + HTML.escape(rung.getKey()) + "</dt><dd>" + HTML.escape(rung.getValue()) + "</dd>\n")
                .collect(Collectors.joining());
    }

    private static String shown(Row row, Function<Row, String> text) {
        return row.flaw().isPresent() ? cell("not shown", "") : text.apply(row);
    }
}
