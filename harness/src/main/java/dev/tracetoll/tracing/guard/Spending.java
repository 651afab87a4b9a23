package dev.tracetoll.tracing.guard;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What tracing has cost the program, by the account that was kept.
 *
 * @param allowed what it might cost: a share of the time of one CPU
 * @param most what it has cost within the dearest second
 * @param takenOff what was taken off for it, in that order
 */
public record Spending(double allowed, double most, List<TakenOff> takenOff) {

    public Spending {
        takenOff = List.copyOf(takenOff);
    }

    private static final MathContext TWO_DIGITS = new MathContext(2);

    /** For people. */
    public String describe() {
        return "tracing cost " + percent(most) + " of a CPU in its dearest second, of " + percent(allowed) + " allowed"
                + (takenOff.isEmpty()
                        ? ""
                        : takenOff.stream()
                                .map(TakenOff::describe)
                                .collect(Collectors.joining(", ", ", so that there were taken off ", "")));
    }

    static String percent(double share) {
        return new BigDecimal(100 * share).round(TWO_DIGITS).toPlainString() + " %";
    }
}
