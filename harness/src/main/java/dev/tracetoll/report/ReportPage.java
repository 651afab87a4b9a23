package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.results.Build;
import dev.tracetoll.results.Warning;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.Sentence;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of a report, without scripts and without anything fetched from elsewhere. */
final class ReportPage {

    /** Tells a report from other pages. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Contents contents;
    private final InlineSvg pictures = new InlineSvg();

    ReportPage(Contents contents) {
        this.contents = contents;
    }

    String html() {
        Chapter first = contents.whole().get(0);
        // First, for the pictures' rules stand above them.
        String sections = contents.whole().stream()
                .map(chapter -> section(chapter, first))
                .collect(Collectors.joining());
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("madeBy", ReportWriter.MADE_BY);
        parts.put("finding", unbroken(first.exhibit().finding()));
        parts.put("lead", lead(first));
        parts.put("style", pictures.style());
        parts.put("grave", grave());
        parts.put("contents", contents());
        parts.put("commands", commands());
        parts.put("environments", environments());
        parts.put("warnings", warnings());
        parts.put("files", files());
        parts.put("sections", sections);
        return Template.filled(ReportPage.class, "report.html", parts);
    }

    /** A figure and its unit stay in one line. */
    private static String unbroken(String words) {
        return HTML.escape(words).replaceAll("(\\d) (ns|µs|ms|s|%|times|[KMG]iB)\\b", "$1\u00a0$2");
    }

    private static String lead(Chapter first) {
        return "Measured on " + HTML.escape(DATE.format(first.provenance().started())) + " on "
                + HTML.escape(EnvironmentLine.of(first.provenance().environment())) + ".";
    }

    private String section(Chapter chapter, Chapter first) {
        Exhibit exhibit = chapter.exhibit();
        StringBuilder section = new StringBuilder();
        section.append("<section id=\"" + exhibit.name() + "\">\n<h2>" + heading(exhibit.name(), exhibit.heading())
                + "</h2>\n");
        if (!chapter.name().equals(first.name())) {
            section.append("<p class=\"finding\">" + unbroken(Sentence.of(exhibit.finding())) + "</p>\n");
        }
        section.append(exhibit.tiles());
        exhibit.graphics().stream().limit(1).forEach(graphic -> section.append(figure(graphic)));
        section.append(exhibit.html());
        exhibit.graphics().stream().skip(1).forEach(graphic -> section.append(figure(graphic)));
        contents.across(chapter)
                .ifPresent(across -> section.append("<h3>" + HTML.escape(across.heading()) + "</h3>\n"
                        + Template.paragraph(across.method()) + HtmlTable.of(across.table())));
        if (!chapter.provenance().environment().equals(first.provenance().environment())) {
            section.append("<p class=\"small\">Measured on "
                    + HTML.escape(DATE.format(chapter.provenance().started())) + " on "
                    + HTML.escape(EnvironmentLine.of(chapter.provenance().environment())) + ".</p>\n");
        }
        return section.append("</section>\n").toString();
    }

    private static String heading(String id, String words) {
        return HTML.escape(words) + " <a class=\"anchor\" href=\"#" + id
                + "\" aria-label=\"Link to this section\">#</a>";
    }

    private String figure(Graphic graphic) {
        return "<figure>\n<div class=\"chart wide\">"
                + pictures.of(graphic, Picture.DEFAULT_WIDTH, graphic.name() + "-wide-")
                + "</div>\n<div class=\"chart narrow\">"
                + pictures.of(graphic, Picture.NARROW_WIDTH, graphic.name() + "-narrow-")
                + "</div>\n<figcaption>" + HTML.escape(graphic.title()) + " · <a href=\"" + graphic.name()
                + ".svg\">SVG</a>, <a href=\"" + graphic.name() + ".png\">PNG</a>, for dark pages <a href=\""
                + graphic.name() + "-dark.svg\">SVG</a>, <a href=\"" + graphic.name()
                + "-dark.png\">PNG</a></figcaption>\n</figure>\n";
    }

    /** What forbids to take figures as they are stands above them. */
    private String grave() {
        List<Warning> grave = contents.whole().stream()
                .flatMap(chapter -> chapter.provenance().grave().stream())
                .distinct()
                .toList();
        return grave.isEmpty() ? "" : "<div class=\"warnings\" role=\"note\">\n<ul>" + list(grave) + "</ul>\n</div>\n";
    }

    private static String list(List<Warning> warnings) {
        return warnings.stream()
                .map(warning -> "<li><strong>" + HTML.escape(Sentence.of(warning.what())) + "</strong> "
                        + HTML.escape(Sentence.of(warning.remedy())) + "</li>\n")
                .collect(Collectors.joining());
    }

    private String contents() {
        List<String> links = new ArrayList<>();
        contents.whole()
                .forEach(chapter -> links.add(
                        link(chapter.exhibit().name(), chapter.exhibit().heading())));
        links.add(link("again", "Measure it again"));
        links.add(link("where", "Where it was measured"));
        links.add(link("limits", "Warnings and limits"));
        return String.join("", links);
    }

    private static String link(String id, String words) {
        return "<li><a href=\"#" + id + "\">" + HTML.escape(words) + "</a></li>\n";
    }

    private String commands() {
        return contents.whole().stream()
                .map(chapter -> "<pre tabindex=\"0\"><code>" + HTML.escape(checkout(chapter)) + "\n"
                        + HTML.escape(seeded(chapter)) + "</code></pre>\n")
                .distinct()
                .collect(Collectors.joining());
    }

    private static String checkout(Chapter chapter) {
        String commit = chapter.provenance().tracetoll().commit();
        return "git checkout " + commit.replace(Build.CHANGED, " # and there were changes that had not been committed");
    }

    /** The command, with the seed that it drew if it was given none. */
    private static String seeded(Chapter chapter) {
        Provenance provenance = chapter.provenance();
        String command = ShellWords.of(provenance.command());
        return provenance.command().contains("--seed") ? command : command + " --seed " + provenance.seed();
    }

    private String environments() {
        Map<String, Chapter> first = new LinkedHashMap<>();
        contents.all()
                .forEach(chapter ->
                        first.putIfAbsent(chapter.provenance().environment().fingerprint(), chapter));
        StringBuilder all = new StringBuilder();
        first.values()
                .forEach(chapter -> all.append("<details" + (first.size() == 1 ? " open" : "") + ">\n<summary>"
                        + HTML.escape(EnvironmentLine.of(chapter.provenance().environment())) + "</summary>\n<dl>\n"
                        + Facts.html(chapter.provenance()) + "</dl>\n</details>\n"));
        return all.toString();
    }

    private String warnings() {
        List<Warning> warnings = contents.whole().stream()
                .flatMap(chapter -> chapter.provenance().warnings().stream())
                .distinct()
                .toList();
        return warnings.isEmpty()
                ? "<p>Nothing of what is checked in every run was found wanting.</p>\n"
                : "<details>\n<summary>" + warnings.size() + (warnings.size() == 1 ? " warning" : " warnings")
                        + " of these runs</summary>\n<ul>\n" + list(warnings) + "</ul>\n</details>\n";
    }

    private String files() {
        return contents.all().stream()
                .map(chapter -> "<li>"
                        + chapter.files().keySet().stream()
                                .sorted()
                                .map(name -> "<a href=\"" + HTML.escape(address(chapter.name(), name)) + "\">"
                                        + HTML.escape(chapter.name() + "/" + name) + "</a>")
                                .collect(Collectors.joining(", "))
                        + "</li>\n")
                .collect(Collectors.joining());
    }

    private static String address(String directory, String name) {
        return ReportWriter.RESULTS + "/"
                + java.net.URLEncoder.encode(directory, java.nio.charset.StandardCharsets.UTF_8)
                        .replace("+", "%20")
                + "/" + name;
    }
}
