package dev.tracetoll.report;

import dev.tracetoll.compare.Change;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The columns of a table of changes. */
final class ChangeColumns {

    private ChangeColumns() {}

    /** Whose row it is. */
    static Column<Change> arm() {
        return new Column<>("arm", false, Change::arm);
    }

    /** How it was and is, in the unit that counts. */
    static List<Column<Change>> figures() {
        return List.of(
                new Column<>("old", true, change -> HumanUnits.ratio(change.before().median())),
                new Column<>("95 %", false, change -> HumanUnits.ratioRange(change.before())),
                new Column<>("new", true, change -> HumanUnits.ratio(change.after().median())),
                new Column<>("95 %", false, change -> HumanUnits.ratioRange(change.after())),
                new Column<>("in", false, change -> change.unit().inWords()),
                new Column<>("burst", false, change -> change.figure().inWords()));
    }

    /** What that comes to. */
    static List<Column<Change>> judgement() {
        return List.of(
                new Column<>("ratio", true, change -> HumanUnits.ratio(change.ratio().median())),
                new Column<>("95 %", false, change -> HumanUnits.ratioRange(change.ratio())),
                new Column<>("noise", true, change -> HumanUnits.percent(change.noise())),
                new Column<>("tolerance", true, change -> HumanUnits.percent(change.tolerance())),
                new Column<>("verdict", false, change -> change.verdict().inWords()));
    }

    /** How it was and is in time. */
    static List<Column<Change>> times() {
        List<Column<Change>> times = new ArrayList<>();
        times.addAll(time("old per call", Change::beforeNs));
        times.addAll(time("new per call", Change::afterNs));
        return times;
    }

    private static List<Column<Change>> time(String title, Function<Change, Interval> ns) {
        return List.of(new Column<>(title, true, change -> HumanUnits.added(ns.apply(change).median())),
                new Column<>("95 %", false, change -> HumanUnits.durationRange(ns.apply(change))));
    }
}
