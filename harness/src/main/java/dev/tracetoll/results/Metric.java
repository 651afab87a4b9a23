package dev.tracetoll.results;

import dev.tracetoll.schema.Required;
import java.util.List;

/**
 * A figure that a program, or what drives it, says of itself or is read of it: something else than how long it takes.
 *
 * @param name unique in the arm, as {@code requests}
 * @param unit as {@code requests/s}; {@code ns} for durations and {@code B} for sizes; {@code 1} for plain numbers
 * @param higherIsBetter whether it is good if there is more of it
 * @param rounds for each round its values, of which there is at least one; finite numbers
 */
public record Metric(String name, String unit, boolean higherIsBetter, List<List<Double>> rounds) {

    /** Unit of durations. */
    public static final String NANOSECONDS = "ns";

    /** Unit of sizes. */
    public static final String BYTES = "B";

    /** Unit of plain numbers. */
    public static final String PLAIN = "1";

    public Metric {
        Required.text(name, "name");
        Required.text(unit, "unit");
        rounds = Required.field(rounds, "rounds").stream().map(List::copyOf).toList();
        if (rounds.isEmpty() || rounds.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("field \"rounds\" of a metric has a round without a value");
        }
        if (rounds.stream().flatMap(List::stream).anyMatch(value -> !Double.isFinite(value))) {
            throw new IllegalArgumentException("field \"rounds\" of a metric has a value that is no number");
        }
    }

    /** The same with some of its rounds: those from the one number to the other, which is not among them. */
    Metric rounds(int from, int to) {
        return new Metric(name, unit, higherIsBetter, rounds.subList(from, to));
    }
}
