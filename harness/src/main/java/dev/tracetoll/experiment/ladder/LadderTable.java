package dev.tracetoll.experiment.ladder;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.report.TextTable;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ladder on a terminal: a table for each group of rungs on each placement, residues below, warnings last. */
final class LadderTable {

    private static final int NARROWEST = 40;
    private static final String INDENT = "    ";

    private final TerminalStyle style;
    private final int columns;

    /**
     * @param style with or without colours
     * @param columns width of the terminal; where one table does not fit, its right part goes below
     */
    public LadderTable(TerminalStyle style, int columns) {
        this.style = style;
        this.columns = Math.max(NARROWEST, columns);
    }

    /** The text, with a line end behind each line. */
    public String render(LadderFigures ladder) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(ladder.title()));
        lines.addAll(wrapped(ladder.method()));
        lines.addAll(wrapped(ladder.environment()));
        for (LadderFigures.Section section : ladder.sections()) {
            lines.add("");
            lines.add(style.bold(section.title()));
            for (List<Column<Row>> table : tables(section.rows())) {
                lines.addAll(new TextTable<>(table, section.rows()).lines(style, row -> row.flaw().isPresent()));
            }
            section.rows().stream().map(Row::residueInWords).flatMap(Optional::stream).forEach(words -> lines.addAll(wrapped(words)));
        }
        if (!ladder.claims().isEmpty()) {
            lines.add("");
            lines.add(style.bold("Bounds"));
            lines.addAll(claims(ladder.claims()));
            ladder.sustained().ifPresent(words -> lines.addAll(TextTable.wrapped(words, INDENT, columns)));
        }
        lines.add("");
        ladder.noiseFloors().forEach(words -> lines.addAll(wrapped(words)));
        lines.addAll(wrapped(ladder.accounting()));
        lines.addAll(WarningLines.of(ladder.run().warnings(), style, columns));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private List<String> claims(List<ClaimWords> claims) {
        TextTable<ClaimWords> table = new TextTable<>(List.of(
                new Column<>("what", false, ClaimWords::what),
                new Column<>("figure", true, ClaimWords::figure),
                new Column<>("95 %", false, ClaimWords::range),
                new Column<>("asked", false, ClaimWords::asked),
                new Column<>("outcome", false, ClaimWords::outcome),
                new Column<>("empty", true, ClaimWords::ofFloor),
                new Column<>("costs", false, words -> words.costs().orElse(""))), claims);
        return table.width() <= columns ? table.lines(style, LadderTable::missed)
                : claims.stream().flatMap(words -> TextTable.wrapped(words.sentence(), INDENT, columns).stream()
                        .map(line -> missed(words) ? style.red(line) : line)).toList();
    }

    private static boolean missed(ClaimWords words) {
        return words.claim().outcome().missed();
    }

    private List<List<Column<Row>>> tables(List<Row> rows) {
        Column<Row> name = new Column<>("rung", false, Row::name);
        List<Column<Row>> costs = List.of(name,
                new Column<>("per call", true, row -> row.flaw().orElse(row.cost())),
                new Column<>("95 %", false, row -> unlessFlawed(row, of -> HumanUnits.durationRange(of.costNs()))),
                new Column<>("adds", true, row -> unlessFlawed(row, of -> of.step().map(
                        step -> HumanUnits.added(step.overheadPerCallNs().median())).orElse(""))),
                new Column<>("95 %", false, row -> unlessFlawed(row, of -> of.step().map(
                        step -> HumanUnits.durationRange(step.overheadPerCallNs())).orElse(""))));
        List<Column<Row>> floors = List.of(name,
                new Column<>("floor", true, row -> ofFloor(row, ratio -> HumanUnits.ratio(ratio.median()))),
                new Column<>("95 %", false, row -> ofFloor(row, HumanUnits::ratioRange)),
                new Column<>("sites", false, Row::siteClasses));
        List<Column<Row>> all = new ArrayList<>(costs);
        all.addAll(floors.subList(1, floors.size()));
        return new TextTable<>(all, rows).width() <= columns ? List.of(all) : List.of(costs, floors);
    }

    private static String unlessFlawed(Row row, Function<Row, String> text) {
        return row.flaw().isPresent() ? "" : text.apply(row);
    }

    private static String ofFloor(Row row, Function<Interval, String> text) {
        return unlessFlawed(row, of -> of.ofFloor().map(text).orElse(""));
    }

    private List<String> wrapped(String text) {
        return TextTable.wrapped(text, "", columns);
    }
}
