package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What wakeups cost, by rate. */
final class WakeupColumns {

    private static final int FEW = 64;

    private WakeupColumns() {}

    static Table<Wakeups> table(List<Wakeups> wakeups) {
        return new Table<>(
                wakeups,
                List.of(
                        List.of(
                                Column.number("calls/s", each -> Cell.of(HumanUnits.count(rounded(each)))),
                                ns("no wakeup adds", Wakeups::silentNs),
                                ns("a wakeup costs", Wakeups::wakeupNs),
                                ns("each record: adds", Wakeups::eachNs)),
                        List.of(
                                ns("every " + FEW + ": foreseen", each -> each.everyNs(FEW)),
                                ns("caught up: foreseen", Wakeups::foreseenCaughtUpNs),
                                ns("measured", Wakeups::caughtUpNs))));
    }

    private static double rounded(Wakeups each) {
        double step = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, each.callsPerSecond()))) - 1));
        return Math.round(each.callsPerSecond() / step) * step;
    }

    private static Column<Wakeups> ns(String title, ToDoubleFunction<Wakeups> of) {
        return Column.number(title, each -> Cell.of(HumanUnits.duration(Math.max(0, of.applyAsDouble(each)))));
    }
}
