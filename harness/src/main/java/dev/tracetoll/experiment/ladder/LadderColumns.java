package dev.tracetoll.experiment.ladder;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.MARKDOWN;
import static dev.tracetoll.text.Rendering.TERMINAL;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.Cells;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The tables of the ladder. */
final class LadderColumns {

    private static final Column<Row> COST = Column.<Row>number(
                    "cost\nper call", row -> row.flaw().map(Cell::flaw).orElseGet(row::costCell))
            .withIntervals()
            .titled(TERMINAL, "per call");
    private static final Column<Row> ADDS =
            unlessFlawed("adds", row -> row.step().map(step -> Cells.added(step.overheadPerCallNs())));
    private static final Column<Row> FLOOR = unlessFlawed(
                    "floor", row -> row.ofFloor().map(Cells::ratio))
            .titled(HTML, "of its\nfloor")
            .titled(MARKDOWN, "× floor");

    private LadderColumns() {}

    private static Column<Row> unlessFlawed(String title, Function<Row, Optional<Cell>> figure) {
        return Column.<Row>number(
                        title,
                        row -> row.flaw().isPresent()
                                ? Cell.WITHHELD
                                : figure.apply(row).orElse(Cell.NOTHING))
                .withIntervals();
    }

    /** Rungs that stand below each other. */
    static Table<Row> rungs(List<Row> rows) {
        return new Table<>(
                rows,
                List.of(
                        List.of(
                                Column.<Row>name("rung", row -> Cell.of(row.name(), row.siteClasses()))
                                        .withIntervals(EnumSet.of(HTML)),
                                COST,
                                ADDS),
                        List.of(
                                FLOOR,
                                Column.<Row>text("sites", row -> Cell.of(row.siteClasses()))
                                        .only(EnumSet.of(TERMINAL)),
                                events("events\nexpected", Arm::expected),
                                events("seen", Arm::seen),
                                events("lost", Arm::lost))));
    }

    private static Column<Row> events(String title, Function<Arm, Long> count) {
        return Column.<Row>number(
                        title,
                        row -> row.arm().expected() == 0 && row.arm().seen() == 0
                                ? Cell.NOTHING
                                : Cell.of(HumanUnits.count((double) count.apply(row.arm()))))
                .only(EnumSet.of(HTML));
    }

    /** One rung on each placement. */
    static Table<Row> placements(List<Row> rows) {
        Column<Row> placement = Column.name("", row -> Cell.of(placement(row)));
        boolean floors = rows.stream().anyMatch(row -> row.ofFloor().isPresent());
        return Table.whole(rows, floors ? List.of(placement, COST, ADDS, FLOOR) : List.of(placement, COST, ADDS));
    }

    /** Where it ran, in words. */
    static String placement(Row row) {
        return row.placement() == CpuPlacement.UNPINNED
                ? "any core"
                : row.placement().inWords();
    }

    /** The bounds, and what came of them. */
    static Table<ClaimWords> claims(List<ClaimWords> claims) {
        return Table.whole(
                claims,
                List.of(
                        Column.<ClaimWords>name("", words -> Cell.of(words.what()))
                                .titled(TERMINAL, "what"),
                        Column.<ClaimWords>number(
                                        "figure",
                                        words -> words.claim().figure().isPresent()
                                                ? Cell.of(words.figure(), words.range())
                                                : Cell.NOTHING)
                                .withIntervals(),
                        Column.text("asked", words -> Cell.of(words.asked())),
                        Column.<ClaimWords>text("outcome", words -> Cell.of(words.outcome()))
                                .marked(words -> words.claim().outcome().missed()),
                        Column.text(
                                "floor", words -> words.ofFloor().map(Cell::of).orElse(Cell.NOTHING)),
                        Column.<ClaimWords>text(
                                        "costs a call",
                                        words -> words.costs().map(Cell::of).orElse(Cell.NOTHING))
                                .titled(TERMINAL, "costs")));
    }
}
