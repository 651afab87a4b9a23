package dev.tracetoll.tracing.format;

import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.FunctionTotal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Totals of functions as an aligned table.
 *
 * <pre>
 * function                calls    total     mean      p50      p90      p99      max
 * main.(*Server).handle  100000   2.53 s  25.3 µs  24.1 µs  28.7 µs  61.4 µs  1.20 ms
 * main.count                  3        –        –        –        –        –        –
 * … 12 more functions were not called
 * </pre>
 *
 * <p>A dash is a duration that no call has: none has returned.
 */
final class TotalsTable {

    private static final List<String> COUNTED = List.of("function", "calls");
    private static final List<String> MEASURED = List.of("function", "calls", "total", "mean", "p50", "p90", "p99", "max");
    private static final String GAP = "  ";
    private static final List<ToLongFunction<DurationHistogram>> DURATIONS = List.of(DurationHistogram::sumNs, DurationHistogram::meanNs,
            durations -> durations.percentileNs(50), durations -> durations.percentileNs(90), durations -> durations.percentileNs(99),
            DurationHistogram::maxNs);

    /** The header first. */
    private final List<List<String>> lines = new ArrayList<>();
    private final int[] widths;
    private final int notCalled;

    TotalsTable(List<FunctionTotal> totals) {
        List<FunctionTotal> seen = totals.stream().filter(FunctionTotal::seen).sorted(FunctionTotal.MOST_FIRST).toList();
        notCalled = totals.size() - seen.size();
        lines.add(seen.stream().anyMatch(total -> total.durations().isPresent()) ? MEASURED : COUNTED);
        seen.forEach(total -> lines.add(cells(total)));
        widths = IntStream.range(0, lines.get(0).size())
                .map(column -> lines.stream().mapToInt(cells -> length(cells.get(column))).max().orElseThrow()).toArray();
    }

    private static List<String> cells(FunctionTotal total) {
        Stream<String> counted = Stream.of(new LineBuffer().add(total.function().name()).toString(), Long.toString(total.calls()));
        return Stream.concat(counted, total.durations().stream().flatMap(TotalsTable::cells)).toList();
    }

    private static Stream<String> cells(DurationHistogram durations) {
        return DURATIONS.stream().map(duration -> durations.buckets().isEmpty() ? "–"
                : new LineBuffer().duration(duration.applyAsLong(durations)).toString());
    }

    boolean hasRows() {
        return lines.size() > 1;
    }

    void addHeader(LineBuffer out) {
        add(lines.get(0), out);
    }

    /** Adds a line for each function that was called, and one for all the others. */
    void addRows(LineBuffer out) {
        lines.stream().skip(1).forEach(cells -> {
            add(cells, out);
            out.add((byte) '\n');
        });
        if (notCalled > 0) {
            out.add(hasRows() ? "… " : "").number(notCalled).add(hasRows() ? " more" : "").add(notCalled == 1 ? " function was" : " functions were")
                    .add(" not called").add((byte) '\n');
        }
    }

    /** Names are aligned to the left, numbers to the right. */
    private void add(List<String> cells, LineBuffer out) {
        out.add(cells.get(0)).spaces(widths[0] - length(cells.get(0)));
        out.add(IntStream.range(1, cells.size()).mapToObj(i -> GAP + " ".repeat(widths[i] - length(cells.get(i))) + cells.get(i))
                .collect(Collectors.joining()));
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
