package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Stopped;
import java.time.Duration;
import java.util.Optional;

/**
 * When a run has measured enough.
 *
 * @param fewestRounds rounds before which {@code untilNarrow} does not count
 * @param mostRounds rounds after which it ends in any case
 * @param budget what the whole run may take, from its beginning to its report; a round that is not over by then does not count
 * @param untilNarrow whether it ends as soon as the intervals are narrow enough, see {@link Precision}
 */
public record Stopping(int fewestRounds, int mostRounds, Optional<Duration> budget, boolean untilNarrow) {

    /** Of what is left of a budget so much is kept for what comes after the last round: estimates, pictures, files. */
    private static final double AFTERWARDS_SHARE = 0.15;

    private static final Duration MOST_AFTERWARDS = Duration.ofSeconds(20);
    /** However few the rounds: pictures take that. */
    private static final Duration LEAST_AFTERWARDS = Duration.ofSeconds(3);

    /** @throws BadInput if it would measure nothing */
    public Stopping {
        if (mostRounds < 1) {
            throw new BadInput("A run of " + mostRounds + " rounds measures nothing; choose --rounds from 1");
        }
        if (budget.filter(each -> each.isZero() || each.isNegative()).isPresent()) {
            throw new BadInput("A run that may take no time measures nothing; choose a --budget such as 5m");
        }
    }

    /** So many rounds. */
    public static Stopping rounds(int rounds) {
        return new Stopping(rounds, rounds, Optional.empty(), false);
    }

    /** So many rounds, or as many of them as fit into a budget. */
    public static Stopping rounds(int rounds, Duration budget) {
        return new Stopping(rounds, rounds, Optional.of(budget), false);
    }

    /** Rounds until the intervals are narrow enough, or the budget is spent. */
    public static Stopping narrowWithin(Duration budget) {
        return new Stopping(Precision.FEWEST_ROUNDS, Integer.MAX_VALUE, Optional.of(budget), true);
    }

    /** Whether so many rounds are enough, before it is asked whether they are narrow. */
    boolean mayStop(int rounds) {
        return untilNarrow && rounds >= fewestRounds;
    }

    /**
     * Why no other round is measured; empty if one is.
     *
     * @param rounds done
     * @param elapsedNs since the run began
     * @param longestRoundNs what the longest round took
     * @param narrow whether the intervals are narrow enough
     */
    public Optional<Stopped> after(int rounds, long elapsedNs, long longestRoundNs, boolean narrow) {
        if (rounds >= mostRounds) {
            return Optional.of(Stopped.ROUNDS_DONE);
        }
        if (mayStop(rounds) && narrow) {
            return Optional.of(Stopped.NARROW_ENOUGH);
        }
        return budget.isPresent() && elapsedNs + longestRoundNs > measuringNs(budget.get())
                ? Optional.of(Stopped.BUDGET_SPENT)
                : Optional.empty();
    }

    /** How many rounds fit into a budget, of which so many seconds each are needed. */
    public static int roundsWithin(Duration budget, double secondsOfARound) {
        return (int) (measuringNs(budget) / 1e9 / secondsOfARound);
    }

    /** How much of the run is over, 0 to 1. */
    public double share(double rounds, long elapsedNs) {
        double ofRounds = rounds / mostRounds;
        double ofBudget =
                budget.map(each -> (double) elapsedNs / each.toNanos()).orElse(0.0);
        return Math.min(1, Math.max(ofRounds, ofBudget));
    }

    /** By when rounds must be over, in ns since the run began; never if there is no budget. */
    long measuringNs() {
        return budget.map(Stopping::measuringNs).orElse(Long.MAX_VALUE);
    }

    private static long measuringNs(Duration budget) {
        return budget.toNanos()
                - Math.max(LEAST_AFTERWARDS.toNanos(), Math.min(MOST_AFTERWARDS.toNanos(), (long)
                        (budget.toNanos() * AFTERWARDS_SHARE)));
    }

    /** The least budget that leaves so much for rounds. */
    static long withAfterwardsNs(long measuringNs) {
        return measuringNs
                + Math.max(LEAST_AFTERWARDS.toNanos(), Math.min(MOST_AFTERWARDS.toNanos(), (long)
                        (measuringNs * AFTERWARDS_SHARE / (1 - AFTERWARDS_SHARE))));
    }
}
