package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.report.TextTable;
import dev.tracetoll.report.WarningLines;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headline on a terminal: one line a technique, or with peers their table; for the whole run, what else is to be known. */
final class HeadlineTable {

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
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(headline.title()));
        lines.addAll(wrapped(headline.method()));
        lines.addAll(wrapped(headline.environment()));
        lines.add("");
        lines.addAll(PeerFigures.fits(headline) ? new PeerTable(style, columns).lines(PeerFigures.of(headline)) : tables(headline.rows()));
        List<String> remarks = Stream.of(headline.floorsInWords(), headline.noiseFloorInWords(), headline.detectableInWords())
                .flatMap(Optional::stream).toList();
        if (!remarks.isEmpty()) {
            lines.add("");
            remarks.forEach(words -> lines.addAll(TextTable.wrapped(words, "  ", columns)));
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** What stands below the tables of a run, once: yardsticks, and warnings with their remedies. */
    public String renderRemarks(Run run) {
        List<String> lines = new ArrayList<>();
        Yardsticks.inWords(run).ifPresent(words -> {
            lines.add("");
            lines.addAll(TextTable.wrapped(words, "  ", columns));
        });
        lines.addAll(WarningLines.of(run.warnings(), style, columns));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private List<String> tables(List<Headline.Row> rows) {
        List<Column<Headline.Row>> all = new ArrayList<>(costs());
        all.addAll(accounts().subList(1, accounts().size()));
        TextTable<Headline.Row> whole = new TextTable<>(all, rows);
        if (whole.width() <= columns) {
            return lines(whole);
        }
        List<String> lines = new ArrayList<>(lines(new TextTable<>(costs(), rows)));
        lines.add("");
        lines.addAll(lines(new TextTable<>(accounts(), rows)));
        return lines;
    }

    private static List<Column<Headline.Row>> costs() {
        return List.of(
                new Column<>("technique", false, Headline.Row::name),
                new Column<>("burst", true, row -> HumanUnits.duration(row.burstNs().median())),
                new Column<>("95 %", false, row -> HumanUnits.durationRange(row.burstNs())),
                new Column<>("per call", true, row -> cost(row, of -> HumanUnits.added(of.overheadPerCallNs().median()))),
                new Column<>("95 %", false, row -> interval(row, of -> HumanUnits.durationRange(of.overheadPerCallNs()))),
                new Column<>("ratio", true, row -> cost(row, of -> HumanUnits.ratio(of.ratio().median()))),
                new Column<>("95 %", false, row -> interval(row, of -> HumanUnits.ratioRange(of.ratio()))));
    }

    private static List<Column<Headline.Row>> accounts() {
        return List.of(
                new Column<>("technique", false, Headline.Row::name),
                new Column<>("expected", true, row -> events(row, Arm::expected)),
                new Column<>("seen", true, row -> events(row, Arm::seen)),
                new Column<>("lost", true, row -> events(row, Arm::lost)),
                new Column<>("tracer CPU", true, row -> row.arm().untraced() ? NOTHING : HumanUnits.duration(row.arm().tracerCpuNs())),
                new Column<>("per event", true, row -> row.arm().seen() == 0 ? NOTHING
                        : HumanUnits.duration((double) row.arm().tracerCpuNs() / row.arm().seen())),
                new Column<>("memory", true, row -> row.arm().untraced() ? NOTHING : HumanUnits.bytes(row.arm().tracerPeakBytes())));
    }

    /** A flawed row shows its flaw where its cost would stand. */
    private static String cost(Headline.Row row, Function<Comparison, String> text) {
        return row.flaw().orElseGet(() -> row.comparison().map(text).orElse(NOTHING));
    }

    private static String interval(Headline.Row row, Function<Comparison, String> text) {
        return row.flaw().isPresent() ? "" : row.comparison().map(text).orElse("");
    }

    private static String events(Headline.Row row, Function<Arm, Long> count) {
        return row.arm().untraced() ? NOTHING : Long.toString(count.apply(row.arm()));
    }

    private List<String> lines(TextTable<Headline.Row> table) {
        return table.lines(style, row -> row.flaw().isPresent());
    }

    private List<String> wrapped(String text) {
        return TextTable.wrapped(text, "", columns);
    }
}
