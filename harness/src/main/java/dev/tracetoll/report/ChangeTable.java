package dev.tracetoll.report;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Two runs that were compared, on a terminal: a table for each workload, what is to be known of single arms, the verdict last. */
public final class ChangeTable {

    private static final int NARROWEST = 40;

    private final TerminalStyle style;
    private final int columns;

    /**
     * @param style with or without colours
     * @param columns width of the terminal; where one table does not fit, its right part goes below
     */
    public ChangeTable(TerminalStyle style, int columns) {
        this.style = style;
        this.columns = Math.max(NARROWEST, columns);
    }

    /** The text, with a line end behind each line. */
    public String render(Changes changes) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(changes.title()));
        changes.runs().forEach(run -> lines.addAll(TextTable.wrapped(run, "     ", columns)));
        changes.differences().ifPresent(words -> lines.addAll(wrapped(words)));
        lines.addAll(wrapped(changes.method()));
        changes.byWorkload().forEach((workload, rows) -> {
            lines.add("");
            TextTable.wrapped(Changes.inWords(workload), "  ", columns).forEach(line -> lines.add(style.bold(line)));
            List<List<Column<Change>>> tables = tables(rows, changes.change().across());
            for (List<Column<Change>> table : tables) {
                if (table != tables.get(0)) {
                    lines.add("");
                }
                lines.addAll(new TextTable<>(table, rows).lines(style, row -> row.verdict() == Verdict.DEARER));
            }
        });
        lines.add("");
        changes.notes().forEach(note -> lines.addAll(wrapped(note)));
        TextTable.wrapped(changes.verdict(), "  ", columns).forEach(line -> lines.add(switch (changes.change().verdict()) {
            case DEARER -> style.red(line);
            case INCONCLUSIVE -> style.yellow(line);
            case FINE, CHEAPER -> style.bold(line);
        }));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** As few tables as fit. Times of different environments have nothing to do with each other, and are left out. */
    private List<List<Column<Change>>> tables(List<Change> rows, boolean across) {
        List<List<Column<Change>>> parts = new ArrayList<>(List.of(ChangeColumns.figures(), ChangeColumns.judgement()));
        if (!across) {
            parts.add(ChangeColumns.times());
        }
        List<List<Column<Change>>> tables = new ArrayList<>();
        List<Column<Change>> table = List.of(ChangeColumns.arm());
        for (List<Column<Change>> part : parts) {
            List<Column<Change>> wider = joined(table, part);
            if (table.size() > 1 && new TextTable<>(wider, rows).width() > columns) {
                tables.add(table);
                wider = joined(List.of(ChangeColumns.arm()), part);
            }
            table = wider;
        }
        tables.add(table);
        return tables;
    }

    private static List<Column<Change>> joined(List<Column<Change>> left, List<Column<Change>> right) {
        List<Column<Change>> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }

    private List<String> wrapped(String text) {
        return TextTable.wrapped(text, "  ", columns);
    }
}
