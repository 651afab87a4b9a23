package dev.tracetoll.history;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.WorkloadWords;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.ChangePoints.ChangePoint;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables of a history; what has become dearer is to be noticed. */
final class HistoryColumns {

    private static final double LEAST_P = 0.0001;

    /** A level of a figure that followed another. */
    record Step(ArmHistory arm, Series series, ChangePoint change) {

        boolean dearer() {
            return change.after() > change.before();
        }

        /** As {@code +12 %}. */
        String share() {
            return HistoryColumns.share(change);
        }
    }

    private record Line(int number, Run run) {}

    private HistoryColumns() {}

    /** As {@code +12 %}, or {@code -3.4 %}. */
    static String share(ChangePoint change) {
        double share = change.share();
        return (share < 0 ? "-" : "+") + HumanUnits.percent(Math.abs(share));
    }

    /** All changes of level, the arms in their order. */
    static List<Step> steps(History history) {
        return history.arms().stream()
                .flatMap(arm -> arm.series().stream()
                        .flatMap(series -> series.changes().stream().map(change -> new Step(arm, series, change))))
                .toList();
    }

    /** What has changed. */
    static Table<Step> changes(History history) {
        boolean several = history.byWorkload().size() > 1;
        List<Column<Step>> columns = new ArrayList<>();
        columns.add(Column.name("arm", step -> Cell.of(step.arm().arm())));
        columns.addAll(List.of(
                Column.text("figure", step -> Cell.of(step.series().measure().inWords())),
                Column.text(
                        "since the run of",
                        step -> Cell.of(
                                RunName.of(history.runs().get(step.series().runOf(step.change()))))),
                Column.text(
                        "commit",
                        step -> Cell.of(history.runs()
                                .get(step.series().runOf(step.change()))
                                .tracetoll()
                                .commit())),
                Column.number(
                        "was",
                        step -> Cell.of(
                                step.series().measure().value(step.change().before()))),
                Column.number(
                        "is",
                        step -> Cell.of(
                                step.series().measure().value(step.change().after()))),
                Column.number("by", step -> Cell.of(step.share())),
                Column.number("p", step -> Cell.of(p(step.change().p())))));
        if (several) {
            columns.add(Column.text(
                    "of", step -> Cell.of(WorkloadWords.of(step.arm().workload()))));
        }
        return Table.whole(
                steps(history),
                columns.stream().map(column -> column.marked(Step::dearer)).toList());
    }

    private static String p(double p) {
        return p < LEAST_P ? "< 0.0001" : String.format(Locale.ROOT, "%.1g", p);
    }

    /** An arm, one line a run. */
    static Table<?> readings(History history, ArmHistory arm) {
        List<Line> lines = arm.runs().stream()
                .map(number -> new Line(number, history.runs().get(number)))
                .toList();
        List<Column<Line>> columns = new ArrayList<>();
        columns.add(Column.name("run", line -> Cell.of(RunName.of(line.run()))));
        columns.add(Column.text("commit", line -> Cell.of(line.run().tracetoll().commit())));
        for (Series series : arm.series()) {
            columns.add(Column.<Line>number(
                            series.measure().inWords(),
                            line -> series.in(line.number())
                                    .map(series.measure()::cell)
                                    .orElse(Cell.NOTHING))
                    .withIntervals());
        }
        columns.add(Column.text(
                "to the run before",
                line -> arm.verdicts().containsKey(line.number())
                        ? Cell.of(arm.verdicts().get(line.number()).inWords())
                        : Cell.NOTHING));
        columns.add(Column.text("new level", line -> newLevel(arm, line.number())));
        return Table.whole(
                lines,
                columns.stream()
                        .map(column -> column.marked(line -> dearer(arm, line.number())))
                        .toList());
    }

    private static Cell newLevel(ArmHistory arm, int run) {
        String words = arm.series().stream()
                .flatMap(series -> series.changeIn(run).stream()
                        .map(change -> series.measure().word() + " " + share(change)))
                .collect(Collectors.joining(", "));
        return words.isEmpty() ? Cell.NOTHING : Cell.of(words);
    }

    private static boolean dearer(ArmHistory arm, int run) {
        return arm.series().stream()
                .flatMap(series -> series.changeIn(run).stream())
                .anyMatch(change -> change.after() > change.before());
    }
}
