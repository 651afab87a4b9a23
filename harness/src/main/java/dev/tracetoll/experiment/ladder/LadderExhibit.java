package dev.tracetoll.experiment.ladder;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.Datum;
import dev.tracetoll.report.Datum.Quantity;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Signatures;
import dev.tracetoll.report.Template;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ladder of a report. */
record LadderExhibit(LadderFigures ladder) implements Exhibit {

    /** Begins the names of its pictures; the group's is behind it. */
    private static final String NAME = "ladder";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String heading() {
        return "Why it costs that";
    }

    /** The step that costs most, for it is what the technique is remembered for. */
    @Override
    public String finding() {
        List<Row> sound = ladder.rows().stream()
                .filter(row -> row.flaw().isEmpty() && row.step().isPresent())
                .toList();
        return Stream.of(
                        Rung.Group.FUNCTIONS_INLINE,
                        Rung.Group.FUNCTIONS_EBPF_PATCHED,
                        Rung.Group.FUNCTIONS_EBPF,
                        Rung.Group.FUNCTIONS_PTRACE)
                .flatMap(group -> sound.stream()
                        .filter(row -> row.rung().group() == group)
                        .max(Comparator.comparing(row ->
                                row.step().orElseThrow().overheadPerCallNs().median()))
                        .map(row -> group.title().toLowerCase(Locale.ROOT).replace("ebpf", "eBPF")
                                + ", the dearest step is "
                                + row.name() + ": "
                                + HumanUnits.added(row.step()
                                        .orElseThrow()
                                        .overheadPerCallNs()
                                        .median())
                                + " a call")
                        .stream())
                .reduce((first, second) -> first + "; " + second)
                .map(words -> "Of " + words)
                .orElse(ladder.title());
    }

    /** Name of the picture of a group. */
    static String picture(Rung.Group group) {
        return NAME + "-" + group.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public List<Graphic> graphics() {
        return Stream.of(Rung.Group.values())
                .filter(group ->
                        ladder.rows().stream().anyMatch(row -> row.rung().group() == group))
                .map(group -> new Graphic(
                        picture(group),
                        LadderChart.title(group),
                        inWords(group),
                        (palette, width) -> new LadderChart(ladder, group, palette, width).picture()))
                .toList();
    }

    private String inWords(Rung.Group group) {
        return ladder.rows().stream()
                .filter(row -> row.rung().group() == group)
                .map(row -> row.name() + " (" + row.placement().inWords() + ") "
                        + row.flaw().orElseGet(row::cost))
                .collect(Collectors.joining(", ", "", "."));
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
        parts.put("traced", Signatures.ofTargets(ladder.run().arms()));
        parts.put("method", HTML.escape(ladder.method()));
        return Template.filled(LadderExhibit.class, "ladder.html", parts);
    }

    private String claims() {
        if (ladder.claims().isEmpty()) {
            return "";
        }
        return "<h3>Bounds</h3>\n<p>" + HTML.escape(LadderFigures.CLAIMS) + "</p>\n"
                + HtmlTable.of(LadderColumns.claims(ladder.claims()))
                + ladder.sustained().map(Template::paragraph).orElse("");
    }

    private static String section(LadderFigures.Section section) {
        return "<h4>" + HTML.escape(section.title()) + "</h4>\n" + HtmlTable.of(LadderColumns.rungs(section.rows()))
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

    @Override
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        ladder.sections().forEach(section -> {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add("### " + MARKDOWN.escape(section.title()));
            lines.add("");
            lines.addAll(MarkdownTable.lines(LadderColumns.rungs(section.rows())));
        });
        return lines;
    }

    @Override
    public List<Datum> data() {
        return ladder.rows().stream().flatMap(LadderExhibit::data).toList();
    }

    private static Stream<Datum> data(Row row) {
        if (row.flaw().isPresent()) {
            return Stream.of();
        }
        Stream<Datum> overhead = row.overhead().stream()
                .flatMap(of -> Stream.of(
                        new Datum(row.arm().workload(), row.arm().name(), Quantity.OVERHEAD, of.overheadPerCallNs()),
                        new Datum(row.arm().workload(), row.arm().name(), Quantity.RATIO, of.ratio())));
        Stream<Datum> ofFloor = row.ofFloor().stream()
                .map(of -> new Datum(row.arm().workload(), row.arm().name(), Quantity.OF_FLOOR, of));
        return Stream.concat(overhead, ofFloor);
    }
}
