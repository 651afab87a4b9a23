package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Sentence;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of a report, without scripts and without anything fetched from elsewhere. */
final class ReportPage {

    private final Run run;
    private final Exhibit exhibit;
    private final Map<String, String> charts;
    private final boolean jmh;

    /**
     * @param run what it is about
     * @param exhibit what to show of it
     * @param charts SVG by the classes that say where to show it, as {@code dark narrow}
     * @param jmh whether JMH's results lie beside the page
     */
    ReportPage(Run run, Exhibit exhibit, Map<String, String> charts, boolean jmh) {
        this.run = run;
        this.exhibit = exhibit;
        this.charts = charts;
        this.jmh = jmh;
    }

    String html() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("title", HTML.escape(exhibit.title()));
        parts.put("name", exhibit.name());
        parts.put(
                "started",
                HTML.escape(run.started().truncatedTo(ChronoUnit.SECONDS).toString()));
        parts.put("charts", chartParts());
        parts.put("exhibit", exhibit.html());
        parts.put("warnings", warnings(run));
        parts.put("command", HTML.escape(command(run)));
        parts.put("environment", environment(run));
        parts.put("jmh", jmh ? " and <a href=\"" + ResultStore.JMH_FILE + "\">" + ResultStore.JMH_FILE + "</a>" : "");
        return Template.filled(ReportPage.class, "report.html", parts);
    }

    private String chartParts() {
        return charts.entrySet().stream()
                .map(chart -> "<div class=\"chart " + chart.getKey() + "\">" + inline(chart.getValue(), chart.getKey())
                        + "</div>\n")
                .collect(Collectors.joining());
    }

    /** Several pictures share one page: what precedes the element goes, and names that more than one defines are told apart. */
    private String inline(String svg, String classes) {
        String prefix = classes.replace(' ', '-') + "-";
        return svg.substring(svg.indexOf("<svg"))
                .replaceFirst(
                        "<svg",
                        "<svg role=\"img\" aria-label=\""
                                + HTML.escape(exhibit.title()).replace("$", "\\$") + "\"")
                .replaceAll(" id=\"", " id=\"" + prefix)
                .replaceAll("url\\(#", "url(#" + prefix)
                .strip();
    }

    private static String warnings(Run run) {
        if (run.warnings().isEmpty()) {
            return "";
        }
        return "<section class=\"warnings\"><h2>Warnings</h2><ul>"
                + run.warnings().stream().map(ReportPage::warning).collect(Collectors.joining()) + "</ul></section>";
    }

    private static String warning(Warning warning) {
        return "<li><strong>" + HTML.escape(Sentence.of(warning.what())) + "</strong> "
                + HTML.escape(Sentence.of(warning.remedy())) + "</li>";
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
        facts.put(
                "Boot flags",
                environment.bootFlags().isEmpty() ? "none that matter" : String.join(" ", environment.bootFlags()));
        facts.put("Operating system", environment.operatingSystem());
        facts.put("Go", environment.goVersion());
        facts.put("Java", environment.jdk());
        facts.putAll(environment.tools());
        facts.put(
                "Load average",
                String.format(
                        Locale.ROOT,
                        "%.2f at the start, %.2f at the end",
                        environment.atStart().loadAverage(),
                        environment.atEnd().loadAverage()));
        facts.put(
                "Stolen by the hypervisor",
                String.format(
                        Locale.ROOT,
                        "%.2f %% of the CPU time",
                        100 * environment.atEnd().stealShareSince(environment.atStart())));
        facts.put(
                "Used by other programs",
                String.format(
                        Locale.ROOT,
                        "%.2f %% of the CPU time",
                        100 * environment.atEnd().othersShareSince(environment.atStart())));
        facts.put(
                "Mitigations",
                environment.mitigations().entrySet().stream()
                        .filter(entry -> !entry.getValue().equals("Not affected"))
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; ")));
        facts.put("Fingerprint", environment.fingerprint());
        facts.put(
                "Tracetoll",
                run.tracetoll().version() + ", commit " + run.tracetoll().commit());
        facts.put("Seed", Long.toString(run.seed()));
        facts.put("Budget", run.budgetNs() == 0 ? "none" : HumanUnits.duration((double) run.budgetNs()));
        facts.put("Ended", run.stopped().inWords());
        return facts.entrySet().stream()
                .map(fact ->
                        "<dt>" + HTML.escape(fact.getKey()) + "</dt><dd>" + HTML.escape(fact.getValue()) + "</dd>\n")
                .collect(Collectors.joining());
    }
}
