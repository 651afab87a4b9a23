package dev.tracetoll.stats;

import org.apache.commons.math3.distribution.BetaDistribution;

/** The share of trials that succeed. */
public final class Proportion {

    private Proportion() {}

    /**
     * The share seen, with its exact interval of 95 % (Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case
     * of the binomial, Biometrika 26, 1934): never too narrow, however few the trials. Its bounds are
     * quantiles of the beta distribution; commons-math3 has the interval too, but not where all trials succeed or none.
     *
     * @param successes from 0 to {@code trials}
     * @param trials at least one
     */
    public static Interval of(int successes, int trials) {
        double tail = (1 - HierarchicalBootstrap.DEFAULT_CONFIDENCE) / 2;
        double low = successes == 0
                ? 0
                : new BetaDistribution(successes, trials - successes + 1).inverseCumulativeProbability(tail);
        double high = successes == trials
                ? 1
                : new BetaDistribution(successes + 1, trials - successes).inverseCumulativeProbability(1 - tail);
        return new Interval((double) successes / trials, low, high);
    }
}
