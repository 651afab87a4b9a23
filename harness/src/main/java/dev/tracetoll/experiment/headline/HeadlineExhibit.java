package dev.tracetoll.experiment.headline;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.report.Datum;
import dev.tracetoll.report.Datum.Quantity;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Signatures;
import dev.tracetoll.report.Template;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import dev.tracetoll.text.Table;
import dev.tracetoll.tracing.registry.Mechanism;
import dev.tracetoll.tracing.registry.PeerKilled;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headline of a report: every workload that the run is about, the first one in detail. */
final class HeadlineExhibit implements Exhibit {

    /** What a run with other tools is called. */
    static final String PEERS = "peers";

    private final Headline headline;
    private final List<Headline> all;
    private final boolean peers;
    private final Map<Headline, PeerFigures> peerFigures;

    HeadlineExhibit(List<Headline> all) {
        this.all = all;
        this.headline = all.get(0);
        this.peers = section(headline.run()).equals(PEERS);
        this.peerFigures = all.stream()
                .filter(PeerFigures::fits)
                .collect(Collectors.toMap(each -> each, PeerFigures::of, (one, same) -> one, IdentityHashMap::new));
    }

    @Override
    public String name() {
        return section(headline.run());
    }

    static String section(Run run) {
        return run.arms().stream().anyMatch(Arm::peer) ? PEERS : HeadlineExperiment.NAME;
    }

    @Override
    public String heading() {
        return peers ? "Beside other tools" : "How much slower";
    }

    @Override
    public String finding() {
        return Finding.of(headline).replaceFirst("\\.$", "");
    }

    @Override
    public List<Graphic> graphics() {
        return List.of(
                new Graphic(
                        name(),
                        headline.title(),
                        Sentence.of(finding()),
                        (palette, width) -> new HeadlineChart(headline, palette, width).picture()),
                new Graphic(
                        name() + "-distribution",
                        DistributionChart.title(),
                        spread(),
                        (palette, width) -> new DistributionChart(headline, palette, width).picture()));
    }

    /** The distribution in words. */
    private String spread() {
        return headline.rows().stream()
                .filter(row -> !row.floor())
                .map(row -> {
                    double[] sorted =
                            row.arm().bursts().all().sorted().asDoubleStream().toArray();
                    return row.arm().name() + ": half of the bursts took no longer than "
                            + HumanUnits.duration(sorted[(sorted.length - 1) / 2]) + ", 99 of 100 no longer than "
                            + HumanUnits.duration(sorted[(int) Math.ceil(0.99 * (sorted.length - 1))]);
                })
                .collect(Collectors.joining("; ", "", "."));
    }

    @Override
    public String tiles() {
        return headline.rows().stream()
                .filter(row -> row.comparison().isPresent()
                        && !row.floor()
                        && row.flaw().isEmpty())
                .filter(row -> facts(row).words().isPresent() && !row.arm().peer())
                .map(HeadlineExhibit::tile)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(),
                        tiles -> tiles.isEmpty() ? "" : "<ul class=\"tiles\">\n" + tiles + "</ul>\n"));
    }

    private static String tile(Headline.Row row) {
        Comparison of = row.comparison().orElseThrow();
        return "<li style=\"--tile: var(--chart-" + row.hue().name().toLowerCase(Locale.ROOT)
                + ")\"><span class=\"who\">"
                + HTML.escape(facts(row)
                        .words()
                        .map(words -> words.matches("an? .*") ? capitalized(words) : words)
                        .orElse(row.arm().name()))
                + "</span><strong>"
                + HTML.escape(HumanUnits.ratio(of.ratio().median())) + "</strong><span>"
                + HTML.escape("95 %: " + HumanUnits.ratioRange(of.ratio()) + " times") + "</span><span>"
                + HTML.escape(HumanUnits.added(of.overheadPerCallNs().median()) + " a call") + "</span><span>"
                + HTML.escape(row.eventsInWords()) + "</span><span>"
                + HTML.escape(row.arm().name()) + "</span></li>\n";
    }

    private static String capitalized(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static TechniqueFacts facts(Headline.Row row) {
        return TechniqueRegistry.ALL.facts(row.arm().technique());
    }

    @Override
    public String html() {
        if (peers) {
            return peersHtml();
        }
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("figures", all.stream().map(this::figures).collect(Collectors.joining()));
        parts.put("remarks", remarks());
        parts.put("traced", HTML.escape(traced()));
        parts.put("signatures", signatures().html());
        parts.put(
                "bareMetal",
                BareMetal.of(headline).map(HeadlineExhibit::bareMetal).orElse(""));
        parts.put("story", HtmlTable.of(Story.table(headline)));
        parts.put("source", Story.SOURCE);
        parts.put("run", HTML.escape(Sentence.of("this run is " + headline.title() + ", " + headline.method())));
        parts.put("accounts", HtmlTable.of(accounts()));
        parts.put("killed", killed());
        parts.put(
                "glossary",
                Glossary.of(headline).entrySet().stream()
                        .map(name -> "<dt>" + HTML.escape(name.getKey()) + "</dt><dd>" + HTML.escape(name.getValue())
                                + "</dd>\n")
                        .collect(Collectors.joining()));
        parts.put("title", HTML.escape(headline.title()));
        parts.put("method", HTML.escape(headline.method()));
        return Template.filled(HeadlineExhibit.class, "headline.html", parts);
    }

    private String peersHtml() {
        return all.stream()
                .map(workload -> "<h3>"
                        + HTML.escape(workload.title() + ", target "
                                + workload.workload().target()) + "</h3>\n"
                        + (peerFigures.containsKey(workload)
                                ? HtmlTable.of(PeerColumns.table(peers(workload).rows()))
                                        + peers(workload).findings().stream()
                                                .map(Template::paragraph)
                                                .collect(Collectors.joining())
                                : HtmlTable.of(HeadlineColumns.table(workload.rows()))))
                .collect(Collectors.joining(
                        "",
                        "",
                        signatures().section(traced()) + "<h3>If the tracer is killed</h3>\n" + killed()
                                + "<p class=\"small\">Other tools: seen by a test that kills each with SIGKILL at random moments while it traces, and then "
                                + "asks the program for more calls. It is not part of this run.</p>\n"));
    }

    private List<PeerFigures> inOrder() {
        return all.stream()
                .filter(peerFigures::containsKey)
                .map(peerFigures::get)
                .toList();
    }

    private PeerFigures peers(Headline workload) {
        return Objects.requireNonNull(peerFigures.get(workload), "a workload with peers");
    }

    private String figures(Headline workload) {
        return (all.size() > 1
                        ? "<h3>"
                                + HTML.escape(workload.title() + ", target "
                                        + workload.workload().target())
                                + "</h3>\n"
                        : "")
                + HtmlTable.of(costs(workload));
    }

    /** What it costs; who paid is told apart. */
    private static Table<Headline.Row> costs(Headline workload) {
        Table<Headline.Row> whole = HeadlineColumns.table(workload.rows());
        List<Column<Headline.Row>> columns = new ArrayList<>(whole.groups().get(0));
        columns.add(Column.text("events", row -> Cell.of(row.eventsInWords())));
        return Table.whole(whole.rows(), columns);
    }

    private Table<Headline.Row> accounts() {
        Table<Headline.Row> whole = HeadlineColumns.table(headline.rows());
        List<Column<Headline.Row>> columns =
                new ArrayList<>(List.of(whole.groups().get(0).get(0)));
        whole.groups().stream().skip(1).forEach(columns::addAll);
        return Table.whole(whole.rows(), columns);
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

    private String traced() {
        Workload workload = headline.workload();
        Arm any = headline.rows().get(0).arm();
        String sites = headline.rows().stream()
                .flatMap(row -> row.arm().sites().stream())
                .map(site -> site.kind() + " at " + site.instruction() + " (" + site.siteClass() + ")")
                .distinct()
                .collect(Collectors.joining(", "));
        return "The function " + workload.function() + " of the target " + workload.target() + ", "
                + HumanUnits.count(workload.calls()) + " calls a burst, built by "
                + Signatures.builtBy(List.of(any)) + (sites.isEmpty() ? "" : "; probed: " + sites) + ".";
    }

    private Signatures signatures() {
        return Signatures.of(all.stream()
                .flatMap(each -> each.rows().stream())
                .map(Headline.Row::arm)
                .toList());
    }

    private static String bareMetal(BareMetal other) {
        return "<h3>What another machine would show</h3>\n" + Template.paragraph(other.difference())
                + HtmlTable.of(other.table())
                + "<p class=\"small\">Computed, not measured: the step of this machine taken out of each call, the published one put in. What does not "
                + "step stays as it is.</p>\n";
    }

    /** What becomes of the target, of those that share it; what was tried of other tools. */
    private record Killed(String who, String target, String tried) {}

    /** By the mechanisms of the techniques that are ours, and of other tools one by one. */
    private String killed() {
        Map<Mechanism, Set<String>> names = new LinkedHashMap<>();
        Map<String, Killed> others = new LinkedHashMap<>();
        all.stream()
                .flatMap(each -> each.rows().stream())
                .filter(row -> !row.floor())
                .forEach(row -> {
                    if (row.arm().peer()) {
                        others.computeIfAbsent(row.arm().technique(), HeadlineExhibit::killed);
                    } else {
                        facts(row)
                                .mechanism()
                                .ifPresent(mechanism -> names.computeIfAbsent(mechanism, any -> new LinkedHashSet<>())
                                        .add(row.arm().name()));
                    }
                });
        List<Killed> rows = new ArrayList<>();
        names.forEach((mechanism, of) -> rows.add(new Killed(String.join(", ", of), mechanism.ifKilled(), "")));
        rows.addAll(others.values());
        List<Column<Killed>> columns = new ArrayList<>(List.of(
                Column.name("techniques", each -> Cell.of(each.who())),
                Column.text("the target", each -> Cell.of(each.target()))));
        if (!others.isEmpty()) {
            columns.add(Column.text("tried", each -> Cell.of(each.tried())));
        }
        return HtmlTable.of(Table.whole(rows, columns));
    }

    private static Killed killed(String peer) {
        return PeerKilled.of(peer)
                .map(seen -> new Killed(
                        peer,
                        seen.inWords(),
                        HumanUnits.count(seen.tried()) + (seen.tried() == 1 ? " time" : " times") + ", version "
                                + seen.version()))
                .orElse(new Killed(peer, "Nobody has tried.", ""));
    }

    @Override
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        for (Headline workload : all) {
            if (all.size() > 1) {
                lines.add((lines.isEmpty() ? "" : "\n")
                        + MARKDOWN.escape(Sentence.of(workload.title() + ", target "
                                + workload.workload().target())));
                lines.add("");
            }
            lines.addAll(
                    peerFigures.containsKey(workload)
                            ? MarkdownTable.lines(
                                    PeerColumns.table(peers(workload).rows()))
                            : MarkdownTable.lines(costs(workload)));
        }
        headline.floorsInWords().ifPresent(words -> {
            lines.add("");
            lines.add(MARKDOWN.escape(Sentence.of(words)));
        });
        headline.noiseFloorInWords().ifPresent(words -> {
            lines.add("");
            lines.add(MARKDOWN.escape(Sentence.of(words)));
        });
        lines.addAll(signatures().markdown(traced()));
        return lines;
    }

    @Override
    public List<Datum> data() {
        return all.stream()
                .flatMap(workload -> workload.rows().stream().flatMap(row -> data(workload, row)))
                .toList();
    }

    private static Stream<Datum> data(Headline workload, Headline.Row row) {
        Workload of = workload.workload();
        String arm = row.arm().name();
        Datum burst = new Datum(of, arm, Quantity.BURST, row.burstNs());
        if (row.flaw().isPresent() || row.comparison().isEmpty()) {
            return Stream.of(burst);
        }
        Comparison comparison = row.comparison().get();
        Interval overhead = comparison.overheadPerCallNs();
        Stream<Datum> ofFloor = workload.floorPerCallNs(row).stream()
                .filter(floor -> floor > 0)
                .mapToObj(floor -> new Datum(of, arm, Quantity.OF_FLOOR, overhead.dividedBy(floor)));
        return Stream.concat(
                Stream.of(
                        burst,
                        new Datum(of, arm, Quantity.OVERHEAD, overhead),
                        new Datum(of, arm, Quantity.RATIO, comparison.ratio())),
                ofFloor);
    }

    /** Of a run with other tools, what the documentation says of them. */
    @Override
    public Map<String, byte[]> documents() {
        return peers
                ? Map.of("peers.md", Exhibit.bytes(new PeerDocument(headline.run(), inOrder()).markdown()))
                : Map.of();
    }
}
