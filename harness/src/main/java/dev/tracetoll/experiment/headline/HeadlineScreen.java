package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.TerminalChart;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.RunCheck;
import dev.tracetoll.results.Warning;
import dev.tracetoll.results.Workload;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The headline on a terminal: one line a technique, or with peers their table; for the whole run, what else is to be known. */
final class HeadlineScreen {

    private static final String INDENT = "  ";

    private final Screen screen;
    private final boolean verbose;

    /**
     * @param screen where one table does not fit, its right part goes below
     * @param verbose whether all notes are shown, and not only how many there are besides those that forbid to read a time as a cost
     */
    HeadlineScreen(Screen screen, boolean verbose) {
        this.screen = screen;
        this.verbose = verbose;
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
        List<String> chart = new TerminalChart(lanes(headline), screen).lines();
        if (!chart.isEmpty()) {
            lines.add("");
            lines.addAll(chart);
        }
        List<String> remarks = new ArrayList<>(headline.floorsInWords().stream().toList());
        if (verbose) {
            remarks.addAll(notes(headline));
        }
        if (!remarks.isEmpty()) {
            lines.add("");
            remarks.forEach(words -> lines.addAll(screen.wrapped(words, INDENT)));
        }
        return screen.text(lines);
    }

    private static List<String> notes(Headline headline) {
        return Stream.of(headline.noiseFloorInWords(), headline.detectableInWords())
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<TerminalChart.Lane> lanes(Headline headline) {
        return headline.rows().stream()
                .map(row -> new TerminalChart.Lane(row.name(), row.hue(), row.burstNs(), undrawn(row)))
                .toList();
    }

    /** Of a peer, too: below, the warnings say what is in its figures in the table. */
    private static Optional<String> undrawn(Headline.Row row) {
        boolean costs = row.arm().valid() && row.arm().lost() == 0 && row.arm().wrong() == 0;
        return costs ? Optional.empty() : Optional.of(row.eventsInWords());
    }

    /**
     * What stands below the tables of a run, once: yardsticks, and warnings with their remedies; or of both, if nobody asked for more, the warnings of
     * arms whose times are no costs, and how many notes there are besides.
     */
    String renderRemarks(Run run) {
        return screen.text(verbose ? allRemarks(run) : graveRemarks(run));
    }

    private List<String> graveRemarks(Run run) {
        List<Warning> grave =
                run.warnings().stream().filter(RunCheck.ofCounts(run)::contains).toList();
        List<String> lines = new ArrayList<>(WarningLines.of(grave, screen));
        long notes = run.warnings().size()
                - grave.size()
                + Yardsticks.inWords(run).stream().count()
                + run.headlines().stream()
                        .mapToLong(workload -> notes(Headline.of(run, workload)).size())
                        .sum();
        if (notes > 0) {
            lines.add("");
            lines.addAll(screen.wrapped(
                    notes + (notes == 1 ? " note" : " notes")
                            + " on these figures: ./tracetoll report RUN or --verbose shows "
                            + (notes == 1 ? "it" : "them"),
                    INDENT));
        }
        return lines;
    }

    private List<String> allRemarks(Run run) {
        List<String> lines = new ArrayList<>();
        Yardsticks.inWords(run).ifPresent(words -> {
            lines.add("");
            lines.addAll(screen.wrapped(words, INDENT));
        });
        lines.addAll(WarningLines.of(run.warnings(), screen));
        return lines;
    }

    /** What the run comes to, in a sentence for each workload. */
    String renderAnswer(Run run) {
        List<Workload> workloads = run.headlines();
        return screen.text(workloads.stream()
                .map(workload -> (workloads.size() == 1
                                ? ""
                                : "Target " + workload.target() + ", " + HumanUnits.count(workload.calls())
                                        + " calls: ")
                        + Finding.of(Headline.of(run, workload)))
                .flatMap(words -> screen.wrapped(words, INDENT).stream())
                .map(screen.style()::bold)
                .toList());
    }

    private List<String> peers(PeerFigures figures) {
        List<String> lines = new ArrayList<>(new TerminalTable<>(PeerColumns.table(figures.rows()), screen).lines());
        lines.add("");
        figures.findings().forEach(finding -> lines.addAll(screen.wrapped(finding, "    ")));
        return lines;
    }
}
