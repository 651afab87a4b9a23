package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.WarningLines;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The headline on a terminal: one line a technique, or with peers their table; for the whole run, what else is to be known. */
final class HeadlineScreen {

    private final Screen screen;

    /** @param screen where one table does not fit, its right part goes below */
    HeadlineScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    String render(Headline headline) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(headline.title()));
        lines.addAll(screen.wrapped(headline.method(), ""));
        lines.addAll(screen.wrapped(headline.environment(), ""));
        lines.add("");
        lines.addAll(
                PeerFigures.fits(headline)
                        ? peers(PeerFigures.of(headline))
                        : new TerminalTable<>(HeadlineColumns.table(headline.rows()), screen).lines());
        List<String> remarks = Stream.of(
                        headline.floorsInWords(), headline.noiseFloorInWords(), headline.detectableInWords())
                .flatMap(Optional::stream)
                .toList();
        if (!remarks.isEmpty()) {
            lines.add("");
            remarks.forEach(words -> lines.addAll(screen.wrapped(words, "  ")));
        }
        return Lines.joined(lines);
    }

    /** What stands below the tables of a run, once: yardsticks, and warnings with their remedies. */
    String renderRemarks(Run run) {
        List<String> lines = new ArrayList<>();
        Yardsticks.inWords(run).ifPresent(words -> {
            lines.add("");
            lines.addAll(screen.wrapped(words, "  "));
        });
        lines.addAll(WarningLines.of(run.warnings(), screen));
        return Lines.joined(lines);
    }

    private List<String> peers(PeerFigures figures) {
        List<String> lines = new ArrayList<>(new TerminalTable<>(PeerColumns.table(figures.rows()), screen).lines());
        lines.add("");
        figures.findings().forEach(finding -> lines.addAll(screen.wrapped(finding, "    ")));
        return lines;
    }
}
