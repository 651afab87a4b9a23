package dev.tracetoll.report;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The headline on a terminal: one line a technique, warnings with their remedies below. */
public final class HeadlineTable {

    private static final String GAP = "  ";
    private static final String NOTHING = "-";
    private static final int NARROWEST = 40;

    private final TerminalStyle style;
    private final int columns;

    /**
     * @param style with or without colours
     * @param columns width of the terminal; where one table does not fit, its right part goes below
     */
    public HeadlineTable(TerminalStyle style, int columns) {
        this.style = style;
        this.columns = Math.max(NARROWEST, columns);
    }

    /** The text, with a line end behind each line. */
    public String render(Headline headline) {
        List<Column> costs = costs();
        List<Column> accounts = accounts();
        List<Column> all = new ArrayList<>(costs);
        all.addAll(accounts.subList(1, accounts.size()));

        List<String> lines = new ArrayList<>();
        lines.add(style.bold(headline.title()));
        lines.addAll(wrapped(headline.method(), ""));
        lines.addAll(wrapped(headline.environment(), ""));
        lines.add("");
        if (width(all, headline.rows()) <= columns) {
            lines.addAll(table(all, headline.rows()));
        } else {
            lines.addAll(table(costs, headline.rows()));
            lines.add("");
            lines.addAll(table(accounts, headline.rows()));
        }
        headline.noiseFloorInWords().ifPresent(words -> {
            lines.add("");
            lines.addAll(wrapped(words, ""));
        });
        if (!headline.run().warnings().isEmpty()) {
            lines.add("");
        }
        for (Warning warning : headline.run().warnings()) {
            wrapped("warning: " + warning.what(), "    ").forEach(line -> lines.add(style.yellow(line)));
            lines.addAll(wrapped("    " + warning.remedy(), "    "));
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private record Column(String title, boolean numeric, Function<Headline.Row, String> cell) {

        int width(List<Headline.Row> rows) {
            return Math.max(title.length(), rows.stream().mapToInt(row -> cell.apply(row).length()).max().orElse(0));
        }

        String pad(String text, List<Headline.Row> rows) {
            String padding = " ".repeat(width(rows) - text.length());
            return numeric ? padding + text : text + padding;
        }
    }

    private static List<Column> costs() {
        return List.of(
                new Column("technique", false, row -> row.arm().name()),
                new Column("burst", true, row -> HumanUnits.duration(row.burstNs().median())),
                new Column("95 %", false, row -> HumanUnits.durationRange(row.burstNs())),
                new Column("per call", true, row -> cost(row, of -> "+" + HumanUnits.duration(of.overheadPerCallNs().median()))),
                new Column("95 %", false, row -> interval(row, of -> HumanUnits.durationRange(of.overheadPerCallNs()))),
                new Column("ratio", true, row -> cost(row, of -> HumanUnits.ratio(of.ratio().median()))),
                new Column("95 %", false, row -> interval(row, of -> HumanUnits.ratioRange(of.ratio()))));
    }

    private static List<Column> accounts() {
        return List.of(
                new Column("technique", false, row -> row.arm().name()),
                new Column("expected", true, row -> events(row, Arm::expected)),
                new Column("seen", true, row -> events(row, Arm::seen)),
                new Column("lost", true, row -> events(row, Arm::lost)),
                new Column("tracer CPU", true, row -> row.arm().untraced() ? NOTHING : HumanUnits.duration(row.arm().tracerCpuNs())),
                new Column("memory", true, row -> row.arm().untraced() ? NOTHING : HumanUnits.bytes(row.arm().tracerPeakBytes())));
    }

    /** A flawed row shows its flaw where its cost would stand. */
    private static String cost(Headline.Row row, Function<Comparison, String> text) {
        return row.flaw().orElseGet(() -> row.comparison().map(text).map(HeadlineTable::oneSign).orElse(NOTHING));
    }

    private static String oneSign(String text) {
        return text.startsWith("+-") ? text.substring(1) : text;
    }

    private static String interval(Headline.Row row, Function<Comparison, String> text) {
        return row.flaw().isPresent() ? "" : row.comparison().map(text).orElse("");
    }

    private static String events(Headline.Row row, Function<Arm, Long> count) {
        return row.arm().untraced() ? NOTHING : Long.toString(count.apply(row.arm()));
    }

    private static int width(List<Column> table, List<Headline.Row> rows) {
        return table.stream().mapToInt(column -> column.width(rows)).sum() + GAP.length() * (table.size() - 1);
    }

    private List<String> table(List<Column> table, List<Headline.Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(line(table, rows, Column::title)));
        for (Headline.Row row : rows) {
            String line = line(table, rows, column -> column.cell().apply(row));
            lines.add(row.flaw().isPresent() ? style.red(line) : line);
        }
        return lines;
    }

    private static String line(List<Column> table, List<Headline.Row> rows, Function<Column, String> text) {
        return IntStream.range(0, table.size())
                .mapToObj(i -> table.get(i).pad(text.apply(table.get(i)), rows))
                .collect(Collectors.joining(GAP)).stripTrailing();
    }

    private List<String> wrapped(String text, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > columns) {
            int space = rest.lastIndexOf(' ', columns);
            int cut = space > indent.length() ? space : columns;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = indent + rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
