package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.List;

/** What was foreseen of the advice, beside what was measured when it was tried once more. */
final class VerifiedColumns {

    /**
     * A line.
     *
     * @param what is looked at
     * @param flaw whether what was measured is not what was promised
     */
    record Line(String what, String foreseen, String measured, boolean flaw) {}

    private VerifiedColumns() {}

    static Table<Line> table(Tuning.Tried advised, Tuning.Tried verified) {
        List<Line> lines = List.of(
                new Line(
                        "lost",
                        "nothing",
                        verified.lost() == 0
                                ? "nothing of " + HumanUnits.count((double) verified.calls())
                                : HumanUnits.count((double) verified.lost()) + " of "
                                        + HumanUnits.count((double) verified.calls()),
                        verified.lost() > 0),
                new Line(
                        "unread at most",
                        advised.predicted().map(ByteSize::inWords).orElse("-"),
                        HumanUnits.bytes(verified.mostUnreadBytes()),
                        false),
                new Line("added to a call", overhead(advised), overhead(verified), false),
                new Line(
                        "waits, p50",
                        HumanUnits.duration(advised.latencyNs().p50()),
                        HumanUnits.duration(verified.latencyNs().p50()),
                        false),
                new Line(
                        "waits, p99.9",
                        HumanUnits.duration(advised.latencyNs().p999()),
                        HumanUnits.duration(verified.latencyNs().p999()),
                        false),
                new Line(
                        "reader's CPU",
                        HumanUnits.percent(advised.readerCpu()),
                        HumanUnits.percent(verified.readerCpu()),
                        false));
        return Table.whole(
                lines,
                List.of(
                        Column.name("what", line -> Cell.of(line.what)),
                        Column.number("foreseen", line -> Cell.of(line.foreseen)),
                        Column.<Line>number("measured", line -> Cell.of(line.measured))
                                .marked(line -> line.flaw)));
    }

    private static String overhead(Tuning.Tried tried) {
        return HumanUnits.duration(Math.max(0, tried.overheadNs().median())) + " ("
                + TuningColumns.range(tried.overheadNs()) + ")";
    }
}
