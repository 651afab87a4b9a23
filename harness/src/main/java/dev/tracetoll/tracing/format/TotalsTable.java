package dev.tracetoll.tracing.format;

import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.FunctionTotal;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The table of functions that were called, those that took most first.
 *
 * <pre>
 * function                calls    total     mean      p50      p90      p99      max  errors
 * main.(*Server).handle  100000   2.53 s  25.3 µs  24.1 µs  28.7 µs  61.4 µs  1.20 ms      17
 * main.count                  3        -        -        -        -        -        -       -
 * </pre>
 *
 * <p>There is no duration where none has returned, and no number of errors where there is no result of type {@code error}. With a plus behind it, it
 * is of those results that could be read.
 */
final class TotalsTable {

    private static final Column<FunctionTotal> FUNCTION =
            Column.name("function", total -> Cell.of(total.function().name()));
    private static final Column<FunctionTotal> CALLS =
            Column.number("calls", total -> Cell.of(Long.toString(total.calls())));
    private static final List<Column<FunctionTotal>> COUNTED = List.of(FUNCTION, CALLS);
    private static final List<Column<FunctionTotal>> MEASURED = List.of(
            FUNCTION,
            CALLS,
            duration("total", DurationHistogram::sumNs),
            duration("mean", DurationHistogram::meanNs),
            duration("p50", durations -> durations.percentileNs(50)),
            duration("p90", durations -> durations.percentileNs(90)),
            duration("p99", durations -> durations.percentileNs(99)),
            duration("max", DurationHistogram::maxNs),
            Column.number(
                    "errors",
                    total -> total.errors()
                            .map(errors -> Cell.of(errors.failed() + (errors.unknown() > 0 ? "+" : "")))
                            .orElse(Cell.NOTHING)));

    private TotalsTable() {}

    /** The table; without the durations where only calls were counted. */
    static Table<FunctionTotal> of(List<FunctionTotal> totals) {
        List<FunctionTotal> seen = totals.stream()
                .filter(FunctionTotal::seen)
                .sorted(FunctionTotal.MOST_FIRST)
                .toList();
        return Table.whole(
                seen, seen.stream().anyMatch(total -> total.durations().isPresent()) ? MEASURED : COUNTED);
    }

    private static Column<FunctionTotal> duration(String title, ToLongFunction<DurationHistogram> ns) {
        return Column.number(
                title,
                total -> total.durations()
                        .filter(durations -> !durations.buckets().isEmpty())
                        .map(durations -> Cell.of(new LineBuffer()
                                .duration(ns.applyAsLong(durations))
                                .toString()))
                        .orElse(Cell.NOTHING));
    }
}
