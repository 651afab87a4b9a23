package dev.tracetoll.report;

import dev.tracetoll.compare.ArmFigures;
import dev.tracetoll.report.Datum.Quantity;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Runs of the same kind beside each other: of each environment the newest. Times of different machines have nothing to do with each other, so what
 * has a floor is shown as a multiple of the floor's median in the same run.
 */
final class Across {

    /** More columns than this nobody reads. */
    private static final int MOST_ARMS = 8;

    private final List<Chapter> rows;
    private final boolean severalEnvironments;
    private final Workload workload;
    private final List<String> arms;

    private Across(List<Chapter> rows, boolean severalEnvironments, Workload workload, List<String> arms) {
        this.rows = rows;
        this.severalEnvironments = severalEnvironments;
        this.workload = workload;
        this.arms = arms;
    }

    /** @param chapters of one kind, the newest first; empty if there is nothing to compare */
    static Optional<Across> of(List<Chapter> chapters) {
        List<Chapter> runs =
                chapters.stream().filter(chapter -> chapter.run().isPresent()).toList();
        Map<String, Chapter> newest = new LinkedHashMap<>();
        runs.forEach(
                chapter -> newest.putIfAbsent(chapter.provenance().environment().fingerprint(), chapter));
        boolean several = newest.size() > 1;
        List<Chapter> rows = several ? List.copyOf(newest.values()) : runs;
        if (rows.size() < 2) {
            return Optional.empty();
        }
        Run first = rows.get(0).run().orElseThrow();
        Workload workload = first.headlines().get(0);
        List<String> arms = first.comparisons().stream()
                .filter(comparison -> comparison.against().equals(Arm.UNTRACED)
                        && !comparison.noiseFloor()
                        && comparison.workload().equals(workload))
                .map(Comparison::arm)
                .filter(arm -> !TechniqueRegistry.ALL.isFloor(arm))
                .limit(MOST_ARMS)
                .toList();
        return Optional.of(new Across(rows, several, workload, arms));
    }

    /** What it is, as a heading. */
    String heading() {
        return severalEnvironments ? "The same on other machines" : "The same, measured before";
    }

    /** How to read the table, in a line. */
    String method() {
        return (severalEnvironments
                        ? "Of each environment the newest run. Where a technique has a floor, its overhead is a multiple of that, which can be compared between machines; elsewhere it is time per call"
                        : "Overhead per call, as a multiple of its floor where it has one")
                + "; target " + workload.target() + ", " + HumanUnits.count(workload.calls()) + " calls";
    }

    Table<Chapter> table() {
        List<Column<Chapter>> columns = new ArrayList<>();
        columns.add(Column.name(
                "measured",
                chapter -> Cell.of(chapter.provenance()
                        .started()
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                        .toString())));
        arms.forEach(arm -> columns.add(Column.<Chapter>number(arm, figure(arm)).withIntervals()));
        columns.add(Column.text(
                "where",
                chapter -> Cell.of(EnvironmentLine.of(chapter.provenance().environment()))));
        return Table.whole(rows, columns);
    }

    private Function<Chapter, Cell> figure(String arm) {
        return chapter -> datum(chapter, arm)
                .map(datum ->
                        datum.quantity() == Quantity.OF_FLOOR ? Cells.ratio(datum.value()) : Cells.added(datum.value()))
                .orElse(Cell.NOTHING);
    }

    /** Every figure of the table. */
    List<Map.Entry<Chapter, Datum>> data() {
        return rows.stream()
                .flatMap(row ->
                        arms.stream().flatMap(arm -> datum(row, arm).stream()).map(datum -> Map.entry(row, datum)))
                .toList();
    }

    /** The same burst of the same target, wherever and with whatever arguments; empty if it is flawed, or was not measured. */
    private Optional<Datum> datum(Chapter chapter, String name) {
        Run run = chapter.run().orElseThrow();
        return run.arms().stream()
                .filter(arm -> arm.name().equals(name)
                        && arm.target().equals(workload.target())
                        && arm.calls() == workload.calls()
                        && arm.placement() == workload.placement()
                        && Flaw.of(arm).isEmpty())
                .findFirst()
                .flatMap(arm -> overhead(run, arm.workload(), name).map(overhead -> {
                    OptionalDouble floor = ArmFigures.floorPerCallNs(
                            run,
                            arm.workload(),
                            TechniqueRegistry.ALL.facts(arm.technique()).plain().floor());
                    return floor.isPresent() && floor.getAsDouble() > 0
                            ? new Datum(
                                    arm.workload(), name, Quantity.OF_FLOOR, overhead.dividedBy(floor.getAsDouble()))
                            : new Datum(arm.workload(), name, Quantity.OVERHEAD, overhead);
                }));
    }

    private static Optional<Interval> overhead(Run run, Workload workload, String arm) {
        return run.comparison(workload, arm, Arm.UNTRACED).map(Comparison::overheadPerCallNs);
    }
}
