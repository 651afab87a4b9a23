package dev.tracetoll.compare;

import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import java.util.Optional;

/**
 * What an arm's overhead in one run is to the same arm's in another.
 *
 * <p>A machine that others share is sometimes twice as slow as an hour before, with all that runs on it. So it is not nanoseconds that
 * are compared: each run's overhead is first divided by something that the same run measured beside it, and slows down alike.
 *
 * @param workload what both arms measured
 * @param arm name of the arm
 * @param technique how the target was traced
 * @param figure which burst of each arm stands for all in these figures
 * @param unit what the overheads were divided by
 * @param beforeNs overhead of the baseline, in ns per call
 * @param afterNs overhead of the candidate, in ns per call
 * @param before the baseline's overhead in that unit
 * @param after the candidate's overhead in that unit
 * @param ratio {@code after} divided by {@code before}
 * @param noise noise floor: the larger of what the A/A pairs of the two runs differ by, as a share of the overhead; 0.03 is 3 %
 * @param tolerance a change by less than this share does not matter
 * @param verdict what it comes to
 * @param why what kept it from a better one, or what else is to be known; for people, in one line
 */
public record Change(
        Workload workload,
        String arm,
        String technique,
        Figure figure,
        Unit unit,
        Interval beforeNs,
        Interval afterNs,
        Interval before,
        Interval after,
        Interval ratio,
        double noise,
        double tolerance,
        Verdict verdict,
        Optional<String> why) {

    /** Which burst of an arm stands for all. What others do to a burst makes it take longer, never shorter. */
    public enum Figure {
        /** One of the quickest twentieth, which hardly anything has disturbed: what the code itself costs. */
        QUICK(0.05, "quick"),
        /** The one in the middle, with what usually disturbs it. */
        MEDIAN(0.5, "median");

        private final double quantile;
        private final String inWords;

        Figure(double quantile, String inWords) {
            this.quantile = quantile;
            this.inWords = inWords;
        }

        /** The share of bursts that take no longer. */
        public double quantile() {
            return quantile;
        }

        /** For people. */
        public String inWords() {
            return inWords;
        }
    }

    /** What an overhead is divided by. */
    public enum Unit {
        /** The overhead of the arm's floor: what the mechanism costs on the same probe sites, with no work done. */
        FLOORS("floors"),
        /** The time of an untraced call: for what has no floor, or is one. */
        CALLS("untraced calls");

        private final String inWords;

        Unit(String inWords) {
            this.inWords = inWords;
        }

        /** For people. */
        public String inWords() {
            return inWords;
        }
    }
}
