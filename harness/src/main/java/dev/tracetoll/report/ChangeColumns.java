package dev.tracetoll.report;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The table of what has changed in a workload; what has become dearer is to be noticed. */
final class ChangeColumns {

    private ChangeColumns() {}

    /**
     * The table.
     *
     * @param rows a workload's
     * @param across whether two environments are compared, whose times have nothing to do with each other, and are left out
     */
    static Table<Change> table(List<Change> rows, boolean across) {
        List<List<Column<Change>>> groups = new ArrayList<>(List.of(figures(), judgement()));
        if (!across) {
            groups.add(times());
        }
        return new Table<>(
                rows,
                groups.stream()
                        .map(group -> group.stream()
                                .map(column -> column.marked(change -> change.verdict() == Verdict.DEARER))
                                .toList())
                        .toList());
    }

    /** How it was and is, in the unit that counts. */
    private static List<Column<Change>> figures() {
        return List.of(
                Column.name("arm", change -> Cell.of(change.arm())),
                multiple("old", Change::before),
                multiple("new", Change::after),
                Column.text("in", change -> Cell.of(change.unit().inWords())),
                Column.text("burst", change -> Cell.of(change.figure().inWords())));
    }

    /** What that comes to. */
    private static List<Column<Change>> judgement() {
        return List.of(
                multiple("ratio", Change::ratio),
                Column.number("noise", change -> Cell.of(HumanUnits.percent(change.noise()))),
                Column.number("tolerance", change -> Cell.of(HumanUnits.percent(change.tolerance()))),
                Column.text("verdict", change -> Cell.of(change.verdict().inWords())));
    }

    /** How it was and is in time. */
    private static List<Column<Change>> times() {
        return List.of(time("old per call", Change::beforeNs), time("new per call", Change::afterNs));
    }

    private static Column<Change> multiple(String title, Function<Change, Interval> of) {
        return Column.<Change>number(title, change -> Cells.ratio(of.apply(change)))
                .withIntervals();
    }

    private static Column<Change> time(String title, Function<Change, Interval> ns) {
        return Column.<Change>number(title, change -> Cells.added(ns.apply(change)))
                .withIntervals();
    }
}
