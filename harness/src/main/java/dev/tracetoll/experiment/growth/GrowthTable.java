package dev.tracetoll.experiment.growth;

import dev.tracetoll.experiment.growth.GrowthFigures.Point;
import dev.tracetoll.experiment.growth.GrowthFigures.Series;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.report.TextTable;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Growth on a terminal: a table for each axis, below it the fitted lines. */
final class GrowthTable {

    private static final int NARROWEST = 40;

    private final TerminalStyle style;
    private final int columns;

    private record Row(Series series, Point point) {}

    /**
     * @param style with or without colours
     * @param columns width of the terminal, for the text between the tables
     */
    public GrowthTable(TerminalStyle style, int columns) {
        this.style = style;
        this.columns = Math.max(NARROWEST, columns);
    }

    /** The text, with a line end behind each line. */
    public String render(GrowthFigures growth) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(growth.title()));
        lines.addAll(TextTable.wrapped(growth.method(), "", columns));
        lines.addAll(TextTable.wrapped(growth.environment(), "", columns));
        for (GrowthAxis axis : growth.axes()) {
            lines.add("");
            lines.addAll(points(axis, growth.on(axis)));
            growth.on(axis).forEach(series -> line(series).forEach(text -> lines.addAll(TextTable.wrapped(text, "    ", columns))));
        }
        lines.addAll(WarningLines.of(growth.run().warnings(), style, columns));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private List<String> points(GrowthAxis axis, List<Series> all) {
        List<Row> rows = all.stream().flatMap(series -> series.points().stream().map(point -> new Row(series, point))).toList();
        return new TextTable<>(List.of(
                new Column<Row>(axis.title(), true, row -> HumanUnits.count(row.point().value())),
                new Column<Row>("technique", false, row -> row.series().technique()),
                new Column<Row>("per call", true, row -> row.point().flaw().orElse(HumanUnits.added(row.point().costNs().median()))),
                new Column<Row>("95 %", false, row -> row.point().flaw().isPresent() ? "" : HumanUnits.durationRange(row.point().costNs()))), rows)
                .lines(style, row -> row.point().flaw().isPresent());
    }

    /** The fitted line, in words; nothing if there is none. */
    static List<String> line(Series series) {
        if (series.fixedNs().isEmpty() || series.growingNs().isEmpty()) {
            return List.of();
        }
        return List.of(series.technique() + ": " + HumanUnits.duration(series.fixedNs().get().median()) + " ("
                + HumanUnits.durationRange(series.fixedNs().get()) + ") " + series.axis().fixedPart() + ", "
                + HumanUnits.duration(series.growingNs().get().median()) + " (" + HumanUnits.durationRange(series.growingNs().get()) + ") "
                + series.axis().growingPart());
    }
}
