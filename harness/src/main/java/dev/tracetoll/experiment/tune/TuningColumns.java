package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.List;

/** The tables of a tuning. */
final class TuningColumns {

    private TuningColumns() {}

    /** What became of the policies. */
    static Table<Tuning.Tried> policies(Tuning tuning) {
        return new Table<>(
                tuning.tried(),
                List.of(
                        List.of(
                                Column.name(
                                        "policy",
                                        tried -> Cell.of(
                                                tried.policy().equals(tuning.advised())
                                                        ? tried.policy() + " (advised)"
                                                        : tried.policy())),
                                Column.number(
                                        "needs",
                                        tried -> tried.predicted()
                                                .map(bytes -> Cell.of(ByteSize.inWords(bytes)))
                                                .orElse(Cell.flaw("none is enough"))),
                                Column.number("measured with", tried -> Cell.of(ByteSize.inWords(tried.bytes()))),
                                Column.number(
                                        "smallest without loss",
                                        tried -> tried.smallest()
                                                .map(bytes -> Cell.of(ByteSize.inWords(bytes)))
                                                .orElse(Cell.NOTHING)),
                                Column.<Tuning.Tried>number(
                                                "lost", tried -> Cell.of(HumanUnits.count((double) tried.lost())))
                                        .marked(tried -> tried.lost() > 0)),
                        List.of(
                                Column.<Tuning.Tried>number(
                                                "added to a call",
                                                tried -> Cell.of(
                                                        HumanUnits.duration(Math.max(
                                                                0,
                                                                tried.overheadNs()
                                                                        .median())),
                                                        range(tried.overheadNs())))
                                        .withIntervals(),
                                Column.number("reader's CPU", tried -> Cell.of(HumanUnits.percent(tried.readerCpu()))),
                                Column.number(
                                        "waits, p50",
                                        tried -> Cell.of(HumanUnits.duration(
                                                tried.latencyNs().p50()))),
                                Column.number(
                                        "p99.9",
                                        tried -> Cell.of(HumanUnits.duration(
                                                tried.latencyNs().p999()))),
                                Column.number(
                                        "longest",
                                        tried -> Cell.of(HumanUnits.duration(
                                                tried.latencyNs().max()))))));
    }

    static String range(Interval ns) {
        return HumanUnits.duration(Math.max(0, ns.low())) + " to " + HumanUnits.duration(Math.max(0, ns.high()));
    }

    /** How likely sizes lose something within an hour. */
    static Table<Tuning.Risk> risks(List<Tuning.Risk> risks) {
        return Table.whole(
                risks,
                List.of(
                        Column.number("size", risk -> Cell.of(ByteSize.inWords(risk.bytes()))),
                        Column.<Tuning.Risk>number(
                                        "loses something within an hour",
                                        risk -> Cell.of(
                                                probability(risk.withinAnHour().median()),
                                                probability(risk.withinAnHour().low()) + " to "
                                                        + probability(risk.withinAnHour()
                                                                .high())))
                                .withIntervals()));
    }

    private static String probability(double share) {
        return share < 0.001 ? "under 0.1 %" : share > 0.999 ? "over 99.9 %" : HumanUnits.percent(share);
    }

    /** The settings of tools. */
    static Table<ToolSettings.Line> tools(List<ToolSettings.Line> lines) {
        return Table.whole(
                lines,
                List.of(
                        Column.name("tool", line -> Cell.of(line.tool())),
                        Column.text("setting", line -> Cell.of(line.setting()))));
    }
}
