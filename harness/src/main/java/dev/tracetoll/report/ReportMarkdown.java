package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;

/** A report in Markdown as GitHub shows it, for a README or a pull request. */
final class ReportMarkdown {

    private final Contents contents;

    ReportMarkdown(Contents contents) {
        this.contents = contents;
    }

    /** The text, with a line end behind each line. */
    String markdown() {
        List<String> lines = new ArrayList<>();
        for (Chapter chapter : contents.whole()) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add("## " + MARKDOWN.escape(chapter.exhibit().heading()));
            lines.add("");
            for (Warning grave : chapter.provenance().grave()) {
                lines.add("> **" + MARKDOWN.escape(Sentence.of(grave.what())) + "** "
                        + MARKDOWN.escape(Sentence.of(grave.remedy())));
                lines.add("");
            }
            lines.add(MARKDOWN.escape(Sentence.of(chapter.exhibit().finding())));
            lines.add("");
            chapter.exhibit().graphics().stream().findFirst().ifPresent(graphic -> {
                lines.add("<picture>");
                lines.add(
                        "  <source media=\"(prefers-color-scheme: dark)\" srcset=\"" + graphic.name() + "-dark.svg\">");
                lines.add("  <img alt=\"" + MARKDOWN.escape(graphic.alternative()) + "\" src=\"" + graphic.name()
                        + ".svg\">");
                lines.add("</picture>");
                lines.add("");
            });
            lines.addAll(chapter.exhibit().markdown());
            contents.across(chapter).ifPresent(across -> {
                lines.add("");
                lines.add("### " + across.heading());
                lines.add("");
                lines.addAll(MarkdownTable.lines(across.table()));
                lines.add("");
                lines.add(MARKDOWN.escape(Sentence.of(across.method())));
            });
            lines.add("");
            lines.add("Measured " + chapter.provenance().started() + " on "
                    + MARKDOWN.escape(EnvironmentLine.of(chapter.provenance().environment())) + ", by `"
                    + ShellWords.of(chapter.provenance().command()).replace("`", "'") + "`, seed "
                    + chapter.provenance().seed() + ", commit "
                    + MARKDOWN.escape(chapter.provenance().tracetoll().commit()) + ".");
        }
        return Lines.joined(lines);
    }
}
