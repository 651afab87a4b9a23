package dev.tracetoll.text;

import static dev.tracetoll.text.Rendering.HTML;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of a page, for {@code report.html}: it scrolls sideways where it is too wide, while the names of its rows stay. What is wrong with a
 * row stands behind its name.
 */
public final class HtmlTable {

    private static final String WITHHELD = "not shown";

    private HtmlTable() {}

    /** The element, with a line end behind it. */
    public static <R> String of(Table<R> table) {
        List<Column<R>> columns = table.columns(HTML);
        // Where there is no room a page shows rows as blocks; the roles keep them a table for those who hear it.
        return "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + label(columns)
                + "\">\n<table role=\"table\">\n"
                + "<thead role=\"rowgroup\"><tr role=\"row\">"
                + columns.stream()
                        .map(column -> "<th scope=\"col\" role=\"columnheader\"" + words(column) + ">" + title(column)
                                + "</th>")
                        .collect(Collectors.joining())
                + "</tr></thead>\n<tbody role=\"rowgroup\">\n"
                + table.rows().stream().map(row -> row(row, columns)).collect(Collectors.joining())
                + "</tbody>\n</table>\n</div>\n";
    }

    private static String label(List<? extends Column<?>> columns) {
        return "Table of " + columns.stream().map(HtmlTable::plain).collect(Collectors.joining(", "));
    }

    private static String words(Column<?> column) {
        return column.numeric() ? "" : " class=\"words\"";
    }

    private static String plain(Column<?> column) {
        return HTML.escape(column.title(HTML).replace('\n', ' '));
    }

    private static String title(Column<?> column) {
        return column.title(HTML).lines().map(HTML::escape).collect(Collectors.joining("<br>"));
    }

    private static <R> String row(R row, List<Column<R>> columns) {
        List<Cell> flaws = columns.stream()
                .map(column -> column.of(row))
                .filter(Cell::flawed)
                .toList();
        Optional<String> flaw = flaws.stream()
                .filter(cell -> !cell.text().isEmpty())
                .findFirst()
                .map(cell -> " " + cell.shown(HTML));
        return "<tr role=\"row\"" + (flaws.isEmpty() ? "" : " class=\"flawed\"") + ">"
                + columns.stream()
                        .map(column -> column.naming()
                                ? "<th scope=\"row\" role=\"rowheader\">"
                                        + column.of(row).shown(HTML) + flaw.orElse("") + small(column, row) + "</th>"
                                : "<td role=\"cell\"" + words(column) + " data-label=\"" + plain(column) + "\">"
                                        + figure(column.of(row)) + small(column, row) + "</td>")
                        .collect(Collectors.joining())
                + "</tr>\n";
    }

    private static String figure(Cell cell) {
        return cell.flawed() ? WITHHELD : cell.shown(HTML);
    }

    private static <R> String small(Column<R> column, R row) {
        String interval = column.of(row).interval();
        return column.showsIntervals(HTML) && !interval.isEmpty() ? "<small>" + HTML.escape(interval) + "</small>" : "";
    }
}
