package dev.tracetoll.experiment.headline;

import dev.tracetoll.experiment.headline.PeerFigures.Ratio;
import dev.tracetoll.experiment.headline.PeerFigures.Row;
import dev.tracetoll.report.Cells;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.List;
import java.util.function.Function;

/** The table of other tools beside our own techniques: one line a technique, by what it tells. */
final class PeerColumns {

    private PeerColumns() {}

    static Table<Row> table(List<Row> rows) {
        return new Table<>(
                rows,
                List.of(
                        List.of(
                                Column.text("tells", row -> Cell.of(row.tells())),
                                Column.name(
                                        "technique",
                                        row -> Cell.of(row.of().arm().name())),
                                Column.<Row>number("per call", PeerColumns::cost)
                                        .withIntervals()),
                        List.of(
                                Column.<Row>number(
                                                "to ours",
                                                row -> row.toOurs()
                                                        .map(of -> Cell.of(
                                                                (of.cheaper() ? "CHEAPER " : "") + of.median(),
                                                                of.range()))
                                                        .orElse(Cell.NOTHING))
                                        .withIntervals(),
                                Column.<Row>number(
                                                "to our ptrace",
                                                row -> row.toStopping()
                                                        .map(PeerColumns::cell)
                                                        .orElse(Cell.NOTHING))
                                        .withIntervals()),
                        List.of(
                                events("expected", Arm::expected),
                                events("seen", Arm::seen),
                                events("wrong", Arm::wrong),
                                events("lost", Arm::lost),
                                ofTraced("CPU/call", row -> HumanUnits.duration(row.tracerCpuPerCallNs())),
                                ofTraced(
                                        "memory",
                                        row -> HumanUnits.bytes(row.of().arm().tracerPeakBytes())))));
    }

    private static Cell cost(Row row) {
        return row.of()
                .flaw()
                .map(Cell::flaw)
                .orElseGet(() -> row.of()
                        .comparison()
                        .map(of -> Cells.added(of.overheadPerCallNs()))
                        .orElse(Cell.NOTHING));
    }

    private static Cell cell(Ratio of) {
        return Cell.of(of.median(), of.range());
    }

    private static Column<Row> events(String title, Function<Arm, Long> count) {
        return ofTraced(
                title, row -> HumanUnits.count((double) count.apply(row.of().arm())));
    }

    private static Column<Row> ofTraced(String title, Function<Row, String> figure) {
        return Column.number(title, row -> row.of().arm().untraced() ? Cell.NOTHING : Cell.of(figure.apply(row)));
    }
}
