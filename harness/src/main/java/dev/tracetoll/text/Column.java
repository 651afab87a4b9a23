package dev.tracetoll.text;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A column of a table, for all renderings at once.
 *
 * @param title above it; a line end in it is one in HTML, and a space elsewhere
 * @param titles where the title is another, by rendering
 * @param numeric whether it is set flush right
 * @param naming whether it says which row it is: its cell heads the row, and it is repeated where a table is cut
 * @param renderings where it is shown
 * @param intervals where the intervals of its cells are shown
 * @param cell what it says of a row
 */
public record Column<R>(
        String title,
        Map<Rendering, String> titles,
        boolean numeric,
        boolean naming,
        Set<Rendering> renderings,
        Set<Rendering> intervals,
        Function<R, Cell> cell) {

    private static final Set<Rendering> ALL = EnumSet.allOf(Rendering.class);
    private static final String INTERVAL = "95 %";

    /**
     * A column of lines of texts.
     *
     * @param title above it
     * @param numeric whether it is set flush right
     * @param texts what it says of each row, escaped
     */
    record Lane(String title, boolean numeric, List<String> texts) {}

    /** A column of words. */
    public static <R> Column<R> text(String title, Function<R, Cell> cell) {
        return new Column<>(title, Map.of(), false, false, ALL, Set.of(), cell);
    }

    /** A column of numbers. */
    public static <R> Column<R> number(String title, Function<R, Cell> cell) {
        return new Column<>(title, Map.of(), true, false, ALL, Set.of(), cell);
    }

    /** The column that says which row it is. */
    public static <R> Column<R> name(String title, Function<R, Cell> cell) {
        return new Column<>(title, Map.of(), false, true, ALL, Set.of(), cell);
    }

    /** The same with the intervals of its cells: below them in HTML, in a column of their own elsewhere. */
    public Column<R> withIntervals() {
        return withIntervals(ALL);
    }

    /** The same with the intervals of its cells in these renderings only. */
    public Column<R> withIntervals(Set<Rendering> where) {
        return new Column<>(title, titles, numeric, naming, renderings, where, cell);
    }

    /** The same, left out of all renderings but these. */
    public Column<R> only(Set<Rendering> where) {
        return new Column<>(title, titles, numeric, naming, where, intervals, cell);
    }

    /** The same with another title in a rendering. */
    public Column<R> titled(Rendering where, String other) {
        Map<Rendering, String> all = new EnumMap<>(Rendering.class);
        all.putAll(titles);
        all.put(where, other);
        return new Column<>(title, Map.copyOf(all), numeric, naming, renderings, intervals, cell);
    }

    /** The same, with the cells of some rows to be noticed. */
    public Column<R> marked(Predicate<R> which) {
        return new Column<>(
                title,
                titles,
                numeric,
                naming,
                renderings,
                intervals,
                row -> which.test(row) ? of(row).marked() : of(row));
    }

    Cell of(R row) {
        return cell.apply(row);
    }

    String title(Rendering rendering) {
        return titles.getOrDefault(rendering, title);
    }

    boolean showsIntervals(Rendering rendering) {
        return intervals.contains(rendering);
    }

    /** The column and, behind it, that of the intervals, for a rendering that has a line for each row. */
    List<Lane> lanes(Rendering rendering, List<R> rows) {
        List<Cell> cells = rows.stream().map(cell).toList();
        List<Lane> lanes = new ArrayList<>();
        lanes.add(new Lane(
                rendering.escape(title(rendering).replace('\n', ' ')),
                numeric,
                cells.stream().map(each -> each.shown(rendering)).toList()));
        if (showsIntervals(rendering)) {
            lanes.add(new Lane(
                    INTERVAL,
                    false,
                    cells.stream().map(each -> each.intervalShown(rendering)).toList()));
        }
        return lanes;
    }
}
