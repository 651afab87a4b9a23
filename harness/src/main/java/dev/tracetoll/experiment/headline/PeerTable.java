package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.report.TextTable;
import dev.tracetoll.results.Arm;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Other tools beside our own techniques, on a terminal: one line a technique, by what it tells. */
final class PeerTable {

    private static final String NOTHING = "-";

    /** Columns that stay together where the terminal is too narrow for all. */
    private static final List<List<Column<PeerFigures.Row>>> GROUPS = List.of(
            List.of(new Column<>("per call", true, row -> row.of().flaw().orElseGet(() -> row.of().comparison()
                            .map(of -> HumanUnits.added(of.overheadPerCallNs().median())).orElse(NOTHING))),
                    new Column<>("95 %", false, row -> row.of().flaw().isPresent() ? "" : row.of().comparison()
                            .map(of -> HumanUnits.durationRange(of.overheadPerCallNs())).orElse(""))),
            List.of(new Column<>("to ours", true, row -> row.toOurs().map(ratio -> (ratio.cheaper() ? "CHEAPER " : "") + ratio.median())
                            .orElse(NOTHING)),
                    new Column<>("95 %", false, row -> row.toOurs().map(PeerFigures.Ratio::range).orElse("")),
                    new Column<>("to our ptrace", true, row -> row.toStopping().map(PeerFigures.Ratio::median).orElse(NOTHING)),
                    new Column<>("95 %", false, row -> row.toStopping().map(PeerFigures.Ratio::range).orElse(""))),
            List.of(new Column<>("expected", true, row -> events(row, Arm::expected)),
                    new Column<>("seen", true, row -> events(row, Arm::seen)),
                    new Column<>("wrong", true, row -> events(row, Arm::wrong)),
                    new Column<>("lost", true, row -> events(row, Arm::lost)),
                    new Column<>("CPU/call", true, row -> row.of().arm().untraced() ? NOTHING : HumanUnits.duration(row.tracerCpuPerCallNs())),
                    new Column<>("memory", true, row -> row.of().arm().untraced() ? NOTHING : HumanUnits.bytes(row.of().arm().tracerPeakBytes()))));

    private static final Column<PeerFigures.Row> TELLS = new Column<>("tells", false, PeerFigures.Row::tells);
    private static final Column<PeerFigures.Row> TECHNIQUE = new Column<>("technique", false, row -> row.of().arm().name());

    private final TerminalStyle style;
    private final int columns;

    PeerTable(TerminalStyle style, int columns) {
        this.style = style;
        this.columns = columns;
    }

    /** As many tables as the width asks for, one below the other, and what is to be said of them. */
    List<String> lines(PeerFigures figures) {
        List<String> lines = new ArrayList<>();
        for (List<Column<PeerFigures.Row>> table : tables(figures.rows())) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(new TextTable<>(table, figures.rows()).lines(style, row -> row.of().flaw().isPresent()));
        }
        lines.add("");
        figures.findings().forEach(finding -> lines.addAll(TextTable.wrapped(finding, "    ", columns)));
        return lines;
    }

    private List<List<Column<PeerFigures.Row>>> tables(List<PeerFigures.Row> rows) {
        List<List<Column<PeerFigures.Row>>> tables = new ArrayList<>();
        List<Column<PeerFigures.Row>> last = new ArrayList<>(List.of(TELLS, TECHNIQUE));
        for (List<Column<PeerFigures.Row>> group : GROUPS) {
            List<Column<PeerFigures.Row>> wider = new ArrayList<>(last);
            wider.addAll(group);
            if (last.size() > 2 && new TextTable<>(wider, rows).width() > columns) {
                tables.add(last);
                last = new ArrayList<>(List.of(TECHNIQUE));
                last.addAll(group);
            } else {
                last = wider;
            }
        }
        tables.add(last);
        return tables;
    }

    /** The same in Markdown, whole. */
    static String markdown(PeerFigures figures) {
        List<Column<PeerFigures.Row>> all = new ArrayList<>(List.of(TELLS, TECHNIQUE));
        GROUPS.forEach(all::addAll);
        List<String> lines = new ArrayList<>();
        lines.add(markdown(all, Column::title));
        lines.add(markdown(all, column -> column.numeric() ? "---:" : "---"));
        figures.rows().forEach(row -> lines.add(markdown(all, column -> column.cell().apply(row))));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static String markdown(List<Column<PeerFigures.Row>> columns, Function<Column<PeerFigures.Row>, String> cell) {
        return columns.stream().map(cell).map(text -> text.equals(NOTHING) ? "" : text).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String events(PeerFigures.Row row, Function<Arm, Long> count) {
        return row.of().arm().untraced() ? NOTHING : Long.toString(count.apply(row.of().arm()));
    }
}
