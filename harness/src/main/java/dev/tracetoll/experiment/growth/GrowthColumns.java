package dev.tracetoll.experiment.growth;

import static dev.tracetoll.text.Rendering.TERMINAL;

import dev.tracetoll.experiment.growth.GrowthFigures.Point;
import dev.tracetoll.experiment.growth.GrowthFigures.Series;
import dev.tracetoll.report.Cells;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.List;

/** The table of an axis: a line for each point of each technique. */
final class GrowthColumns {

    private GrowthColumns() {}

    record Row(Series series, Point point) {}

    static Table<Row> table(GrowthAxis axis, List<Series> all) {
        List<Row> rows = all.stream()
                .flatMap(series -> series.points().stream().map(point -> new Row(series, point)))
                .toList();
        return Table.whole(
                rows,
                List.of(
                        Column.name("technique", row -> Cell.of(row.series().technique())),
                        Column.number(
                                axis.title(),
                                row -> Cell.of(HumanUnits.count(row.point().value()))),
                        Column.<Row>number(
                                        "overhead\nper call",
                                        row -> row.point()
                                                .flaw()
                                                .map(Cell::flaw)
                                                .orElseGet(() ->
                                                        Cells.added(row.point().costNs())))
                                .withIntervals()
                                .titled(TERMINAL, "per call")));
    }
}
