package dev.tracetoll.experiment.program;

import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.report.Cells;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Metric;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The tables of runs of somebody's own program: what a run takes, and each figure that was printed. */
final class ProgramColumns {

    private ProgramColumns() {}

    /** What a run takes, and what became of its events. */
    static Table<Arm> runs(ProgramFigures figures) {
        return new Table<>(
                figures.arms(),
                List.of(
                        columns(
                                figures,
                                figures.printed().isEmpty() ? figures::foretoldTimeRatio : arm -> Optional.empty(),
                                Column.<Arm>number("time", arm -> Cells.duration(figures.timeNs(arm)))
                                        .withIntervals(),
                                Column.<Arm>number("ratio", arm -> cost(arm, figures.timeRatio(arm)))
                                        .withIntervals()),
                        List.of(
                                Column.number("CPU time", arm -> cell(figures, arm, ProgramMeasurement.CPU)),
                                Column.number("peak memory", arm -> cell(figures, arm, ProgramMeasurement.MEMORY)),
                                ofTraced(
                                        "tracer CPU",
                                        arm -> arm.tracerCpuNs() / arm.bursts().rounds())),
                        List.of(
                                events("events expected", Arm::expected),
                                events("seen", Arm::seen),
                                events("lost", Arm::lost).marked(arm -> arm.lost() > 0))));
    }

    /** A figure that was printed. */
    static Table<Arm> metric(ProgramFigures figures, String name) {
        return Table.whole(
                figures.arms().stream()
                        .filter(arm -> arm.metric(name).isPresent())
                        .toList(),
                columns(
                        figures,
                        arm -> figures.foretoldRatio(arm, name),
                        Column.<Arm>number(name, arm -> cell(figures, arm, name))
                                .withIntervals(),
                        Column.<Arm>number("ratio", arm -> cost(arm, figures.metricRatio(arm, name)))
                                .withIntervals()));
    }

    /** The technique, what was measured and, if anything was, what was foretold. */
    private static List<Column<Arm>> columns(
            ProgramFigures figures,
            Function<Arm, Optional<Interval>> foretold,
            Column<Arm> measured,
            Column<Arm> ratio) {
        List<Column<Arm>> columns = new ArrayList<>(List.of(technique(), measured, ratio));
        if (figures.arms().stream().anyMatch(arm -> foretold.apply(arm).isPresent())) {
            columns.add(Column.number(
                    "foretold",
                    arm -> foretold.apply(arm)
                            .map(Interval::median)
                            .map(HumanUnits::ratio)
                            .map(Cell::of)
                            .orElse(Cell.NOTHING)));
        }
        return columns;
    }

    private static Column<Arm> technique() {
        return Column.name("technique", arm -> Cell.of(arm.name()));
    }

    private static Cell cost(Arm arm, Optional<Interval> ratio) {
        return Flaw.of(arm)
                .map(Cell::flaw)
                .orElseGet(() -> ratio.map(Cells::ratio).orElse(Cell.NOTHING));
    }

    private static Cell cell(ProgramFigures figures, Arm arm, String name) {
        Optional<Metric> metric = arm.metric(name);
        return metric.isEmpty()
                ? Cell.NOTHING
                : figures.metric(arm, name)
                        .map(value -> Cell.of(
                                ProgramFigures.inWords(metric.get(), value.median()),
                                ProgramFigures.rangeInWords(metric.get(), value)))
                        .orElse(Cell.NOTHING);
    }

    private static Column<Arm> ofTraced(String title, ToLongFunction<Arm> ns) {
        return Column.number(
                title,
                arm -> arm.untraced() ? Cell.NOTHING : Cell.of(HumanUnits.duration((double) ns.applyAsLong(arm))));
    }

    private static Column<Arm> events(String title, ToLongFunction<Arm> count) {
        return Column.<Arm>number(
                title,
                arm -> arm.untraced() ? Cell.NOTHING : Cell.of(HumanUnits.count((double) count.applyAsLong(arm))));
    }
}
