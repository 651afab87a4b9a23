package dev.tracetoll.history;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.ChangePoints;
import dev.tracetoll.stats.Interval;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What page and Markdown say of a history. */
final class Words {

    private Words() {}

    static String title(History history) {
        return "What tracing costs, over time: " + history.experiment();
    }

    static String lead(History history) {
        List<Run> runs = history.runs();
        return runs.size() + " runs from " + RunName.of(runs.get(0)) + " to " + RunName.of(runs.get(runs.size() - 1))
                + " UTC · " + EnvironmentLine.of(history.environment()) + " · fingerprint "
                + history.environment().fingerprint();
    }

    /** What a chart of a figure says, for those who do not see it. */
    static String of(Series series) {
        Interval last = series.last();
        String changes = series.changes().stream()
                .map(change -> HistoryColumns.share(change) + " from run " + (series.runOf(change) + 1) + " on")
                .collect(Collectors.joining(", "));
        return "From run to run; the last is " + series.measure().value(last.median()) + ", "
                + (changes.isEmpty() ? "no new level" : "new levels: " + changes);
    }

    /** What it comes to. */
    static String summary(History history) {
        if (history.tooFewRuns()) {
            return "with fewer than " + 2 * ChangePoints.SHORTEST
                    + " runs a change of level cannot be told from noise; each run is compared with the one before";
        }
        return HistoryColumns.steps(history).isEmpty() ? "no figure has changed its level" : "";
    }

    /** How to read it, a paragraph each. */
    static List<String> method() {
        return List.of(
                "Each figure is the median with its 95 % interval, by a bootstrap over the rounds of its run. Nanoseconds follow the machine, which is sometimes "
                        + "twice as slow as an hour before; the ratio to untraced less so; the overhead in floors, the least that the mechanism costs on the same "
                        + "probe sites in the same run, least of all: what has changed in floors has changed in the tracer.",
                String.format(
                        Locale.ROOT,
                        "A new level is marked where a series is best cut into levels of %d runs at least, if means on both sides differ, trimmed ones or not (t tests "
                                + "of Welch and Yuen, p < %s with Bonferroni's correction for all places), and medians do by more than %.0f %%. A single run far off is no new level, "
                                + "and neither are the last two: what they come to is what each run is to the one before, by the same verdict as compare gives.",
                        ChangePoints.SHORTEST,
                        ChangePoints.LEVEL,
                        100 * History.TOLERANCE));
    }
}
