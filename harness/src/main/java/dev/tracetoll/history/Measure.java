package dev.tracetoll.history;

import dev.tracetoll.report.Cells;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** What is followed of an arm. */
public enum Measure {
    /** What tracing adds to a call, in ns. */
    OVERHEAD("overhead per call", "overhead", "ns", Cells::added, HumanUnits::added),
    /** A burst, to an untraced one of the same run. */
    RATIO("ratio to untraced", "ratio", "untraced bursts", Cells::ratio, HumanUnits::ratio),
    /** The overhead, to that of the arm's floor in the same run: a slower machine slows down both alike. */
    FLOORS("overhead in floors", "floors", "floors", Cells::ratio, HumanUnits::ratio);

    private final String inWords;
    private final String word;
    private final String unit;
    private final Function<Interval, Cell> cell;
    private final DoubleFunction<String> value;

    Measure(String inWords, String word, String unit, Function<Interval, Cell> cell, DoubleFunction<String> value) {
        this.inWords = inWords;
        this.word = word;
        this.unit = unit;
        this.cell = cell;
        this.value = value;
    }

    /** For people. */
    public String inWords() {
        return inWords;
    }

    /** The same where there is no room. */
    String word() {
        return word;
    }

    /** What its numbers count. */
    public String unit() {
        return unit;
    }

    /** A value with its interval. */
    Cell cell(Interval interval) {
        return cell.apply(interval);
    }

    /** A value alone. */
    String value(double number) {
        return value.apply(number);
    }
}
