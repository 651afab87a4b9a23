package dev.tracetoll.experiment.ladder;

import dev.tracetoll.stats.Interval;
import java.util.Optional;

/**
 * A bound that we set ourselves, and what a run says of it.
 *
 * @param what the figure that is bounded, in words
 * @param unit of the figure and of the bound
 * @param figure what was measured; its ends are equal where that was done once; empty where it cannot be said, because events were lost or
 *        a floor drowned in noise
 * @param costNs of a ratio what is divided, in ns per call
 * @param againstNs of a ratio what it is divided by, in ns per call
 * @param ofFloor the same ratio of the floor, where that was measured too: so much of it is the mechanism's own
 * @param limit on which side of the bound the figure is to be
 * @param bound the bound
 * @param asked whether the machine is one that the bound is for
 */
record Claim(
        String what,
        Unit unit,
        Optional<Interval> figure,
        Optional<Interval> costNs,
        Optional<Interval> againstNs,
        Optional<Interval> ofFloor,
        Limit limit,
        double bound,
        boolean asked) {

    /** What figure and bound count. */
    public enum Unit {
        RATIO,
        NANOSECONDS,
        EVENTS,
        BYTES
    }

    /** On which side of the bound the figure is to be. */
    public enum Limit {
        AT_MOST,
        AT_LEAST
    }

    /** Whether a bound was kept. */
    public enum Outcome {
        KEPT("kept"),
        /** The median keeps it, its interval goes beyond. */
        NARROWLY_KEPT("kept, narrowly"),
        /** The median misses it, its interval reaches it. */
        NARROWLY_MISSED("missed, narrowly"),
        MISSED("missed"),
        /** The bound is for other machines; the figure says what it is on this one. */
        NOT_ASKED("not asked here"),
        UNKNOWN("unknown");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        /** For people. */
        public String inWords() {
            return words;
        }

        /** Whether the median is beyond the bound. */
        public boolean missed() {
            return this == MISSED || this == NARROWLY_MISSED;
        }
    }

    /** Whether the bound was kept. */
    public Outcome outcome() {
        if (!asked) {
            return Outcome.NOT_ASKED;
        }
        return figure.map(of -> {
                    boolean kept = keeps(of.median());
                    boolean wholly = keeps(of.low()) == kept && keeps(of.high()) == kept;
                    return kept
                            ? wholly ? Outcome.KEPT : Outcome.NARROWLY_KEPT
                            : wholly ? Outcome.MISSED : Outcome.NARROWLY_MISSED;
                })
                .orElse(Outcome.UNKNOWN);
    }

    /** Whether it was measured once, so that there is no interval. */
    public boolean once() {
        return figure.filter(of -> of.low() == of.high()).isPresent();
    }

    private boolean keeps(double value) {
        return limit == Limit.AT_MOST ? value <= bound : value >= bound;
    }
}
