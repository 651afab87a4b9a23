package dev.tracetoll.report;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Environment;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The page of a report, without scripts and without anything fetched from elsewhere. */
final class ReportPage {

    private static final String NOTHING = "–";

    private final Headline headline;
    private final Map<String, String> charts;
    private final boolean jmh;

    /**
     * @param headline what to show
     * @param charts SVG by the classes that say where to show it, as {@code dark narrow}
     * @param jmh whether JMH's results lie beside the page
     */
    ReportPage(Headline headline, Map<String, String> charts, boolean jmh) {
        this.headline = headline;
        this.charts = charts;
        this.jmh = jmh;
    }

    String html() {
        Run run = headline.run();
        String html = template();
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("title", escape(headline.title()));
        parts.put("started", escape(run.started().truncatedTo(ChronoUnit.SECONDS).toString()));
        parts.put("charts", chartParts());
        parts.put("rows", headline.rows().stream().map(ReportPage::row).collect(Collectors.joining()));
        parts.put("noiseFloor", headline.noiseFloorInWords().map(words -> "<p>" + escape(sentence(words)) + "</p>").orElse(""));
        parts.put("warnings", warnings(run));
        parts.put("command", escape(command(run)));
        parts.put("environment", environment(run));
        parts.put("method", escape(headline.method()));
        parts.put("jmh", jmh ? " and <a href=\"" + ResultStore.JMH_FILE + "\">" + ResultStore.JMH_FILE + "</a>" : "");
        for (Map.Entry<String, String> part : parts.entrySet()) {
            html = html.replace("{{" + part.getKey() + "}}", part.getValue());
        }
        return html;
    }

    private static String template() {
        try (InputStream template = ReportPage.class.getResourceAsStream("report.html")) {
            return new String(template.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String chartParts() {
        return charts.entrySet().stream()
                .map(chart -> "<div class=\"chart " + chart.getKey() + "\">"
                        + inline(chart.getValue(), chart.getKey()) + "</div>\n")
                .collect(Collectors.joining());
    }

    /** Several pictures share one page: what precedes the element goes, and names that more than one defines are told apart. */
    private String inline(String svg, String classes) {
        String prefix = classes.replace(' ', '-') + "-";
        return svg.substring(svg.indexOf("<svg"))
                .replaceFirst("<svg", "<svg role=\"img\" aria-label=\"" + escape(headline.title()).replace("$", "\\$") + "\"")
                .replaceAll(" id=\"", " id=\"" + prefix)
                .replaceAll("url\\(#", "url(#" + prefix)
                .strip();
    }

    private static String row(Headline.Row row) {
        Arm arm = row.arm();
        String name = row.flaw()
                .map(flaw -> " <strong class=\"flaw\">" + flaw + "</strong>").orElse("");
        return "<tr" + (row.flaw().isPresent() ? " class=\"flawed\"" : "") + "><th scope=\"row\">" + escape(arm.name()) + name + "</th>"
                + cell(HumanUnits.duration(row.burstNs().median()), HumanUnits.durationRange(row.burstNs()))
                + cost(row, of -> HumanUnits.duration(of.overheadPerCallNs().median()), of -> HumanUnits.durationRange(of.overheadPerCallNs()))
                + cost(row, of -> HumanUnits.ratio(of.ratio().median()), of -> HumanUnits.ratioRange(of.ratio()))
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.expected()), "")
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.seen()), "")
                + cell(arm.untraced() ? NOTHING : Long.toString(arm.lost()), "")
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

    private static String cell(String number, String interval) {
        return "<td>" + escape(number) + (interval.isEmpty() ? "" : "<small>" + escape(interval) + "</small>") + "</td>";
    }

    private static String warnings(Run run) {
        if (run.warnings().isEmpty()) {
            return "";
        }
        return "<section class=\"warnings\"><h2>Warnings</h2><ul>"
                + run.warnings().stream().map(ReportPage::warning).collect(Collectors.joining()) + "</ul></section>";
    }

    private static String warning(Warning warning) {
        return "<li><strong>" + escape(sentence(warning.what())) + "</strong> " + escape(sentence(warning.remedy())) + "</li>";
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    private static String command(Run run) {
        return run.command().stream().map(ReportPage::shellWord).collect(Collectors.joining(" "));
    }

    private static String shellWord(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String environment(Run run) {
        Environment environment = run.environment();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", environment.cpuModel() + ", " + environment.cpus() + " online, " + environment.architecture());
        facts.put("Hypervisor", environment.hypervisor());
        facts.put("Memory", HumanUnits.bytes(environment.memoryBytes()));
        facts.put("Frequency governor", environment.governor());
        facts.put("Clock source", environment.clockSource());
        facts.put("Kernel", environment.kernelRelease() + " " + environment.kernelVersion());
        facts.put("Boot flags", environment.bootFlags().isEmpty() ? "none that matter" : String.join(" ", environment.bootFlags()));
        facts.put("Operating system", environment.operatingSystem());
        facts.put("Go", environment.goVersion());
        facts.put("Java", environment.jdk());
        facts.putAll(environment.tools());
        facts.put("Load average", String.format(Locale.ROOT, "%.2f at the start, %.2f at the end",
                environment.atStart().loadAverage(), environment.atEnd().loadAverage()));
        facts.put("Stolen by the hypervisor", String.format(Locale.ROOT, "%.2f %% of the CPU time",
                100 * environment.atEnd().stealShareSince(environment.atStart())));
        facts.put("Mitigations", environment.mitigations().entrySet().stream()
                .filter(entry -> !entry.getValue().equals("Not affected"))
                .map(entry -> entry.getKey() + ": " + entry.getValue()).collect(Collectors.joining("; ")));
        facts.put("Fingerprint", environment.fingerprint());
        facts.put("Tracetoll", run.tracetoll().version() + ", commit " + run.tracetoll().commit());
        facts.put("Seed", Long.toString(run.seed()));
        return facts.entrySet().stream()
                .map(fact -> "<dt>" + escape(fact.getKey()) + "</dt><dd>" + escape(fact.getValue()) + "</dd>\n")
                .collect(Collectors.joining());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
