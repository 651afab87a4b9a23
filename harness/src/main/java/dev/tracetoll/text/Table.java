package dev.tracetoll.text;

import java.util.List;

/**
 * A table: what stands in it, whatever it is rendered as.
 *
 * @param rows from top to bottom
 * @param groups columns from left to right; where not all fit on a terminal, the table is cut between two groups
 */
public record Table<R>(List<R> rows, List<List<Column<R>>> groups) {

    /** One that is never cut. */
    public static <R> Table<R> whole(List<R> rows, List<Column<R>> columns) {
        return new Table<>(rows, List.of(columns));
    }

    /** The columns that a rendering shows. */
    List<Column<R>> columns(Rendering rendering) {
        return groups.stream()
                .flatMap(List::stream)
                .filter(column -> column.renderings().contains(rendering))
                .toList();
    }
}
