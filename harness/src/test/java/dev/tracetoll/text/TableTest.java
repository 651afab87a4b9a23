package dev.tracetoll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.Golden;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    private static final int WIDE = 120;
    private static final int NARROW = 60;

    /** @param figure of what it costs; empty if nobody knows */
    private record Row(String name, Optional<Integer> figure, int range, Optional<String> flaw, boolean missed) {}

    private static final List<Row> ROWS = List.of(
            new Row("plain", Optional.of(25), 1, Optional.empty(), false),
            new Row("unknown", Optional.empty(), 0, Optional.empty(), false),
            new Row("flawed", Optional.of(7), 1, Optional.of("LOSSY"), false),
            new Row("missed", Optional.of(1_000), 50, Optional.empty(), true),
            new Row("a|b *c* `d` [e](f) _g_ \\h", Optional.of(3), 0, Optional.empty(), true),
            new Row("<b>\"&amp;\"</b>", Optional.of(4), 1, Optional.empty(), false),
            new Row("\u001b[31m\u202e\u200b\nred\u2028\u007f", Optional.of(5), 1, Optional.empty(), false),
            new Row("𝄞 héhé", Optional.of(6), 1, Optional.empty(), false));

    private static final Table<Row> TABLE = new Table<>(
            ROWS,
            List.of(
                    List.of(
                            Column.text("kind", row -> Cell.of(row.figure().isPresent() ? "known" : "not")),
                            Column.<Row>name("name", row -> Cell.of(row.name(), "of " + row.range()))
                                    .withIntervals(EnumSet.of(Rendering.HTML)),
                            Column.<Row>number(
                                            "cost\nper <call>",
                                            row -> row.flaw().map(Cell::flaw).orElseGet(() -> cost(row)))
                                    .withIntervals()
                                    .titled(Rendering.TERMINAL, "cost")),
                    List.of(
                            Column.<Row>number("adds", row -> row.flaw().isPresent() ? Cell.WITHHELD : cost(row))
                                    .withIntervals(),
                            Column.<Row>text("outcome", row -> Cell.of(row.missed() ? "missed" : "kept"))
                                    .marked(Row::missed)),
                    List.of(
                            Column.<Row>number("on lines", row -> Cell.of("l" + row.range()))
                                    .only(EnumSet.complementOf(EnumSet.of(Rendering.HTML))),
                            Column.<Row>number("on pages", row -> Cell.of("p" + row.range()))
                                    .only(EnumSet.of(Rendering.HTML)))));

    private static Cell cost(Row row) {
        return row.figure()
                .map(figure -> Cell.of(
                        "+" + figure, row.range() == 0 ? "" : figure - row.range() + "–" + (figure + row.range())))
                .orElse(Cell.NOTHING);
    }

    private static String terminal(TerminalStyle style, int columns) {
        return text(new TerminalTable<>(TABLE, new Screen(style, columns)).lines());
    }

    private static String text(List<String> lines) {
        return Lines.joined(lines);
    }

    @ParameterizedTest
    @ValueSource(ints = {WIDE, NARROW})
    void looksLikeTheGoldenFileOnATerminal(int columns) throws IOException {
        Golden.of(TableTest.class).assertEqual("table-" + columns + ".txt", terminal(TerminalStyle.PLAIN, columns));
    }

    @Test
    void looksLikeTheGoldenFileInHtml() throws IOException {
        Golden.of(TableTest.class).assertEqual("table.html", HtmlTable.of(TABLE));
    }

    @Test
    void looksLikeTheGoldenFileInMarkdown() throws IOException {
        Golden.of(TableTest.class).assertEqual("table.md", text(MarkdownTable.lines(TABLE)));
    }

    @Test
    void whatDoesNotFitGoesBelowWithTheNamesAgain() {
        assertThat(new TerminalTable<>(TABLE, new Screen(TerminalStyle.PLAIN, WIDE)).fits())
                .isTrue();
        assertThat(new TerminalTable<>(TABLE, new Screen(TerminalStyle.PLAIN, NARROW)).fits())
                .isFalse();
        assertThat(terminal(TerminalStyle.PLAIN, NARROW).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(NARROW))
                .filteredOn(line -> line.startsWith("name "))
                .hasSize(2);
    }

    @Test
    void whatIsNeverCutMayBeTooWide() {
        Table<Row> whole = Table.whole(ROWS, List.of(Column.name("name", row -> Cell.of("x".repeat(NARROW + 1)))));

        assertThat(new TerminalTable<>(whole, new Screen(TerminalStyle.PLAIN, NARROW)).fits())
                .isFalse();
        assertThat(new TerminalTable<>(whole, new Screen(TerminalStyle.PLAIN, NARROW + 1)).fits())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {WIDE, NARROW})
    void coloursAddNothingButColour(int columns) {
        String coloured = terminal(TerminalStyle.COLOURED, columns);

        assertThat(coloured.lines().filter(line -> line.startsWith("\u001b[1;31m")))
                .allMatch(line -> line.contains("flawed") || line.contains("missed") || line.contains("a|b"));
        assertThat(coloured)
                .contains(
                        "\u001b[1;31mknown  flawed",
                        "\u001b[1;31mknown  missed",
                        "\u001b[1;31mknown  a|b",
                        "\u001b[1mkind ");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(terminal(TerminalStyle.PLAIN, columns));
    }

    @Test
    void withoutRowsThereAreTitlesOnly() {
        Table<Row> empty = new Table<>(List.of(), TABLE.groups());

        assertThat(new TerminalTable<>(empty, new Screen(TerminalStyle.PLAIN, WIDE)).lines())
                .hasSize(1);
        assertThat(MarkdownTable.lines(empty)).hasSize(2);
        assertThat(HtmlTable.of(empty)).contains("<tbody role=\"rowgroup\">\n</tbody>");
    }
}
