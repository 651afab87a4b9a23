package dev.tracetoll.history;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.report.Graphic;
import dev.tracetoll.report.InlineSvg;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.report.Template;
import dev.tracetoll.report.WorkloadWords;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.HtmlTable;
import dev.tracetoll.text.Sentence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A history as a page, without scripts and without anything fetched from elsewhere. */
final class HistoryPage {

    private final History history;
    private final InlineSvg pictures = new InlineSvg();

    HistoryPage(History history) {
        this.history = history;
    }

    String html() {
        Map<String, String> parts = new LinkedHashMap<>();
        // First, for the pictures' rules stand above them.
        parts.put("figures", figures());
        parts.put("style", pictures.style());
        parts.put("madeBy", ReportWriter.MADE_BY);
        parts.put("title", HTML.escape(Words.title(history)));
        parts.put("lead", HTML.escape(Words.lead(history)));
        return Template.filled(HistoryPage.class, "history.html", parts);
    }

    /** What has changed, then all figures, and how to read them. */
    private String figures() {
        StringBuilder html = new StringBuilder(text(false));
        html.append("<h2>How to read it</h2>\n");
        Words.method().forEach(paragraph -> html.append(Template.paragraph(paragraph)));
        return html.toString();
    }

    /**
     * The part that the figures make.
     *
     * @param withoutCharts for a reader of its tables
     */
    String text(boolean withoutCharts) {
        StringBuilder html = new StringBuilder("<h2>What has changed</h2>\n");
        String summary = Words.summary(history);
        html.append(summary.isEmpty() ? HtmlTable.of(HistoryColumns.changes(history)) : Template.paragraph(summary));
        List<List<ArmHistory>> workloads = List.copyOf(history.byWorkload().values());
        for (int i = 0; i < workloads.size(); i++) {
            List<ArmHistory> arms = workloads.get(i);
            html.append("<h2>"
                    + HTML.escape(
                            Sentence.capitalised(WorkloadWords.of(arms.get(0).workload()))) + "</h2>\n");
            for (int j = 0; j < arms.size(); j++) {
                html.append(arm(arms.get(j), withoutCharts ? "" : i + "-" + j));
            }
        }
        if (!history.leftOut().isEmpty()) {
            html.append("<section class=\"warnings\"><h2>Left out</h2><ul>"
                    + history.leftOut().stream()
                            .map(line -> "<li>" + HTML.escape(Sentence.of(line)) + "</li>")
                            .collect(Collectors.joining())
                    + "</ul></section>\n");
        }
        return html.toString();
    }

    /** @param id unique among arms; empty for no charts */
    private String arm(ArmHistory arm, String id) {
        return "<h3>" + HTML.escape(arm.arm()) + lastVerdict(arm) + "</h3>\n<div class=\"figures\">\n"
                + arm.series().stream().map(series -> figure(arm, series, id)).collect(Collectors.joining())
                + "</div>\n<details><summary>Numbers</summary>\n"
                + HtmlTable.of(HistoryColumns.readings(history, arm)) + "</details>\n";
    }

    /** What the newest run is to the one before, which no level shows yet. */
    private String lastVerdict(ArmHistory arm) {
        Verdict verdict = arm.verdicts().get(history.runs().size() - 1);
        if (verdict == null) {
            return "";
        }
        String words = HTML.escape("last run: " + verdict.inWords());
        return " <small" + (verdict == Verdict.DEARER ? " class=\"flaw\"" : "") + ">" + words + "</small>";
    }

    private String figure(ArmHistory arm, Series series, String id) {
        Cell last = series.measure().cell(series.last());
        String caption = "<figcaption>" + HTML.escape(series.measure().inWords()) + " <strong>"
                + HTML.escape(last.text()) + "</strong> <small>" + HTML.escape(last.interval())
                + "</small></figcaption>\n";
        StringBuilder html = new StringBuilder("<figure>" + caption);
        if (!id.isEmpty()) {
            Graphic chart = new Graphic(
                    "history",
                    arm.arm() + ", " + series.measure().inWords(),
                    Words.of(series),
                    (palette, width) -> new SeriesChart(history.runs(), arm, series, palette).picture());
            html.append("<div class=\"chart\">"
                    + pictures.of(
                            chart,
                            SeriesChart.WIDTH,
                            "history-" + id + "-" + series.measure().ordinal() + "-")
                    + "</div>\n");
        }
        return html.append("</figure>\n").toString();
    }
}
