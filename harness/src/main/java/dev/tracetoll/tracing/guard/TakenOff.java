package dev.tracetoll.tracing.guard;

import dev.tracetoll.golang.TracedFunction;
import java.util.Locale;

/**
 * A function whose probes were taken off.
 *
 * @param function which
 * @param afterNs how long tracing had gone on
 * @param calls how often its beginning had been hit by then
 * @param share of the time of one CPU that it had cost within the last second
 */
public record TakenOff(TracedFunction function, long afterNs, long calls, double share) {

    private static final double SECOND_NS = 1e9;

    /** For people. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s (after %.1f s and %d %s, at %s of a CPU)",
                function.name(),
                afterNs / SECOND_NS,
                calls,
                calls == 1 ? "call" : "calls",
                Spending.percent(share));
    }
}
