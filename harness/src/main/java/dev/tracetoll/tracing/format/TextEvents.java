package dev.tracetoll.tracing.format;

import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.Table;
import dev.tracetoll.text.TerminalStyle;
import dev.tracetoll.text.TerminalTable;
import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.guard.Spending;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Events for people, much as strace prints system calls.
 *
 * <pre>
 * 21:40:03.123456 g1     main.handle(n=7, s="hello")
 * 21:40:03.123460 g1       main.count(s="hello") = 5 &lt;2.1 µs&gt;
 * 21:40:03.123789 g1     main.handle(…) = 12 &lt;333 µs&gt;
 * </pre>
 *
 * <p>A call that returns before anything else happens, and soon, is one line with its results; otherwise the line ends with the arguments,
 * and the return has a line of its own. Lines are indented by the depth of the call in its goroutine; from a depth on that is as a number
 * before the name, or deep recursion would make lines of spaces. A call that never returns has {@code = ?} and the reason.
 */
public final class TextEvents implements EventWriter {

    private static final long NS_OF_A_DAY = 86_400_000_000_000L;
    private static final int GOROUTINE_WIDTH = 6;
    /** The depth up to which lines are indented. */
    private static final int MOST_INDENTED = 20;

    private static final int INDENTATION = 2;
    private static final String NO_TIME = "               ";
    /** ECMA-48, 8.3.117. */
    private static final String FAINT = "\u001b[2m";

    private static final String BOLD = "\u001b[1m";
    private static final String CYAN = "\u001b[36m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private static final String PERCENTILES = String.format(
            Locale.ROOT,
            "p50, p90 and p99 are within %.1f %% of the durations, all else is exact",
            100 * DurationHistogram.PERCENTILE_ERROR);

    private final OutputStream out;
    private final boolean coloured;
    private final long nsOfDayAtZero;
    private final LineBuffer line = new LineBuffer();
    private final TextValues values = new TextValues(line);
    /** The call whose line has not ended yet; 0 if there is none. */
    private long unfinished;
    /** The call whose line had not ended at the last flush. */
    private long flushedUnfinished;

    /**
     * @param out where the text goes; buffered by its owner
     * @param coloured whether to use colours
     * @param nsOfDayAtZero the time of day when CLOCK_MONOTONIC was zero, in nanoseconds; may lie outside of a day
     */
    public TextEvents(OutputStream out, boolean coloured, long nsOfDayAtZero) {
        this.out = out;
        this.coloured = coloured;
        this.nsOfDayAtZero = nsOfDayAtZero;
    }

    @Override
    public void write(TraceEvent event) throws IOException {
        if (event instanceof TraceEvent.Call call) {
            finishLine();
            begin(call.timestampNs(), call.goroutine(), call.depth());
            name(call.function().name());
            line.add("(");
            arguments(call.arguments());
            line.add(")");
            unfinished = call.id();
        } else if (event instanceof TraceEvent.Return returned) {
            if (!continues(returned.id())) {
                begin(returned.timestampNs(), returned.goroutine(), returned.depth());
                name(returned.function().name());
                line.add("(…)");
            }
            if (!returned.results().isEmpty()) {
                line.add(" = ");
                results(returned.results());
            }
            style(FAINT);
            line.add(" <");
            line.duration(returned.durationNs());
            line.add(">");
            style(PLAIN);
            line.add((byte) '\n');
        } else if (event instanceof TraceEvent.UnpairedReturn unpaired) {
            finishLine();
            begin(unpaired.timestampNs(), unpaired.goroutine(), unpaired.depth());
            name(unpaired.function().name());
            line.add("(…) = ");
            results(unpaired.results());
            style(FAINT);
            line.add(" <").add(unpaired.why()).add(">");
            style(PLAIN);
            line.add((byte) '\n');
        } else if (event instanceof TraceEvent.NoReturn never) {
            if (!continues(never.id())) {
                line.add(NO_TIME);
                goroutine(never.goroutine());
                name(never.function().name());
                line.add("(…)");
            }
            line.add(" = ");
            style(RED);
            line.add("? (").add(never.why()).add(")");
            style(PLAIN);
            line.add((byte) '\n');
        }
        line.writeTo(out);
    }

    @Override
    public void write(List<FunctionTotal> totals) throws IOException {
        finishLine();
        Table<FunctionTotal> table = TotalsTable.of(totals);
        int notCalled = totals.size() - table.rows().size();
        boolean some = !table.rows().isEmpty();
        if (some) {
            // Whoever reads it line by line, as grep does, needs each function whole.
            Screen screen = new Screen(coloured ? TerminalStyle.COLOURED : TerminalStyle.PLAIN, Integer.MAX_VALUE);
            for (String row : new TerminalTable<>(table, screen).lines()) {
                byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
                line.add(bytes, 0, bytes.length).add((byte) '\n');
            }
            if (table.rows().stream().anyMatch(TextEvents::hasPercentiles)) {
                line.add(PERCENTILES).add((byte) '\n');
            }
        }
        if (notCalled > 0) {
            line.add(some ? "… " : "")
                    .number(notCalled)
                    .add(some ? " more" : "")
                    .add(notCalled == 1 ? " function was" : " functions were")
                    .add(" not called")
                    .add((byte) '\n');
        }
        line.writeTo(out);
    }

    private static boolean hasPercentiles(FunctionTotal total) {
        return total.durations()
                .filter(durations -> !durations.buckets().isEmpty())
                .isPresent();
    }

    @Override
    public void write(TraceSummary summary) throws IOException {
        finishLine();
        style(BOLD);
        line.add("--- ");
        if (summary.collected()) {
            counts(summary);
        } else {
            line.add("nothing was collected");
        }
        summary.spending().ifPresent(this::spending);
        String exit = summary.targetExit().map(ExitStatus::describe).orElse("");
        if (!exit.isEmpty()) {
            line.add("; the program ").add(exit);
        }
        style(PLAIN);
        line.add((byte) '\n');
        line.writeTo(out);
    }

    private void counts(TraceSummary summary) {
        count(summary.calls(), "call");
        line.add(", ");
        count(summary.returns(), "return");
        line.add(", ").number(summary.noReturns()).add(" without return, ");
        if (summary.unpairedReturns() > 0) {
            count(summary.unpairedReturns(), "return");
            line.add(" without call, ");
        }
        if (summary.lost() > 0) {
            style(RED);
        }
        count(summary.lost(), "event");
        line.add(" lost");
        if (summary.sufficientRingBytes().isPresent()) {
            line.add(" (a ring buffer of ")
                    .add(ByteSize.inWords(summary.sufficientRingBytes().getAsLong()))
                    .add(" would have done)");
        }
        summary.fallback().ifPresent(other -> {
            line.add(", ");
            count(other.events(), "event");
            line.add(" seen by ").add(other.technique().name());
        });
        summary.sampled().ifPresent(sampled -> {
            line.add(", ");
            count(sampled.leftOutCalls() + sampled.leftOutReturns(), "event");
            line.add(" left out (1 ")
                    .add(sampled.how().by().toString())
                    .add(" of ")
                    .number(sampled.how().of())
                    .add(" is shown)");
        });
    }

    private void spending(Spending spending) {
        line.add("; ").add(spending.describe());
    }

    /** Ends the line of a call that had not returned when this was called before: nobody should have to wait for it. */
    @Override
    public void flush() throws IOException {
        if (unfinished != 0 && unfinished == flushedUnfinished) {
            finishLine();
            line.writeTo(out);
        }
        flushedUnfinished = unfinished;
        out.flush();
    }

    /** Whether an event of this call goes on the line that has not ended; otherwise that line is ended. */
    private boolean continues(long id) {
        if (id > 0 && id == unfinished) {
            unfinished = 0;
            return true;
        }
        finishLine();
        return false;
    }

    private void finishLine() {
        if (unfinished != 0) {
            unfinished = 0;
            line.add((byte) '\n');
        }
    }

    private void begin(long timestampNs, long goroutine, int depth) {
        long ns = Math.floorMod(timestampNs + nsOfDayAtZero, NS_OF_A_DAY);
        style(FAINT);
        line.number(ns / 3_600_000_000_000L, 2)
                .add(":")
                .number(ns / 60_000_000_000L % 60, 2)
                .add(":")
                .number(ns / 1_000_000_000L % 60, 2)
                .add(".")
                .number(ns / 1_000 % 1_000_000, 6);
        style(PLAIN);
        goroutine(goroutine);
        line.spaces(INDENTATION * Math.min(depth, MOST_INDENTED));
        if (depth > MOST_INDENTED) {
            style(FAINT);
            line.add("[").number(depth).add("] ");
            style(PLAIN);
        }
    }

    private void goroutine(long id) {
        line.add(" ");
        style(CYAN);
        int start = line.length();
        line.add("g").number(id);
        style(PLAIN);
        int width = line.length() - start - (coloured ? PLAIN.length() : 0);
        line.spaces(Math.max(1, GOROUTINE_WIDTH + 1 - width));
    }

    private void name(String function) {
        style(BOLD);
        line.add(function);
        style(PLAIN);
    }

    private void arguments(List<NamedValue> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            line.add(i > 0 ? ", " : "").add(arguments.get(i).name()).add("=");
            values.add(arguments.get(i).value());
        }
    }

    private void results(List<NamedValue> results) {
        boolean alone = results.size() == 1;
        line.add(alone ? "" : "(");
        for (int i = 0; i < results.size(); i++) {
            NamedValue result = results.get(i);
            line.add(i > 0 ? ", " : "");
            if (!result.name().startsWith("~") && !result.name().isEmpty()) {
                line.add(result.name()).add("=");
            }
            values.add(result.value());
        }
        line.add(alone ? "" : ")");
    }

    private void count(long number, String what) {
        line.number(number).add(" ").add(what).add(number == 1 ? "" : "s");
    }

    private void style(String sequence) {
        if (coloured) {
            line.addControl(sequence);
        }
    }
}
