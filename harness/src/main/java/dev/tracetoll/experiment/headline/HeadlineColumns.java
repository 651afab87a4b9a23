package dev.tracetoll.experiment.headline;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.TERMINAL;

import dev.tracetoll.report.Cells;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/** The table of the headline: one line a technique, what it costs, and what became of its events. */
final class HeadlineColumns {

    private HeadlineColumns() {}

    static Table<Headline.Row> table(List<Headline.Row> rows) {
        return new Table<>(
                rows,
                List.of(
                        List.of(
                                Column.name("technique", row -> Cell.of(row.name())),
                                Column.<Headline.Row>number("burst", row -> Cells.duration(row.burstNs()))
                                        .withIntervals(),
                                cost("overhead\nper call", of -> Cells.added(of.overheadPerCallNs()))
                                        .titled(TERMINAL, "per call"),
                                cost("ratio", of -> Cells.ratio(of.ratio()))),
                        List.of(
                                ofTraced("expected", arm -> HumanUnits.count((double) arm.expected()))
                                        .titled(HTML, "events\nexpected"),
                                ofTraced("seen", arm -> HumanUnits.count((double) arm.seen())),
                                ofTraced("lost", arm -> HumanUnits.count((double) arm.lost())),
                                ofTraced("wrong", arm -> HumanUnits.count((double) arm.wrong()))
                                        .only(EnumSet.of(HTML)),
                                Column.<Headline.Row>number(
                                                "target\nCPU",
                                                row -> Cell.of(HumanUnits.duration(
                                                        (double) row.arm().targetCpuNs())))
                                        .only(EnumSet.of(HTML)),
                                ofTraced("tracer\nCPU", arm -> HumanUnits.duration((double) arm.tracerCpuNs())),
                                Column.<Headline.Row>number("per event", HeadlineColumns::perEvent)
                                        .only(EnumSet.of(TERMINAL)),
                                ofTraced("tracer\nmemory", arm -> HumanUnits.bytes(arm.tracerPeakBytes()))
                                        .titled(TERMINAL, "memory"))));
    }

    private static Column<Headline.Row> cost(String title, Function<Comparison, Cell> figure) {
        return Column.<Headline.Row>number(
                        title,
                        row -> row.flaw()
                                .map(Cell::flaw)
                                .orElseGet(() -> row.comparison().map(figure).orElse(Cell.NOTHING)))
                .withIntervals();
    }

    private static Column<Headline.Row> ofTraced(String title, Function<Arm, String> figure) {
        return Column.number(title, row -> row.arm().untraced() ? Cell.NOTHING : Cell.of(figure.apply(row.arm())));
    }

    private static Cell perEvent(Headline.Row row) {
        return row.arm().seen() == 0
                ? Cell.NOTHING
                : Cell.of(HumanUnits.duration(
                        (double) row.arm().tracerCpuNs() / row.arm().seen()));
    }
}
