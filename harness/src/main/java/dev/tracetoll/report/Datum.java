package dev.tracetoll.report;

import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;

/**
 * A figure of a report, as a line of {@code data.csv}.
 *
 * @param workload what was measured
 * @param arm which arm of it
 * @param quantity what the figure is of
 * @param value the figure with its interval
 */
public record Datum(Workload workload, String arm, Quantity quantity, Interval value) {

    /** What a figure can be of. */
    public enum Quantity {
        /** How long a burst takes. */
        BURST("burst", "ns"),
        /** By how much a call takes longer than one that nobody traces. */
        OVERHEAD("overhead per call", "ns"),
        /** A burst as a multiple of one that nobody traces. */
        RATIO("ratio to untraced", "1"),
        /** The overhead as a multiple of that of the floor. */
        OF_FLOOR("overhead to floor", "1");

        private final String word;
        private final String unit;

        Quantity(String word, String unit) {
            this.word = word;
            this.unit = unit;
        }

        /** As {@code data.csv} has it. */
        public String word() {
            return word;
        }

        /** As {@code data.csv} has it; {@code 1} for a plain number. */
        public String unit() {
            return unit;
        }
    }
}
