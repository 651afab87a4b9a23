package dev.tracetoll.experiment.tune;

import dev.tracetoll.schema.Required;

/**
 * What wakeups cost the traced program at a rate: the kernel's ring buffer, read by a timer, read by wakeups, and as the kernel wakes by itself. What
 * other policies cost at that rate follows: so many wakeups as they make, on top of what there is without.
 *
 * @param callsPerSecond the rate that was reached without a wakeup
 * @param silentNs what a call takes longer than untraced if nobody is woken
 * @param eachNs the same if each record wakes the reader
 * @param caughtUpNs the same if a record wakes a reader that had read everything
 * @param backNs from a wakeup until the reader has read everything, half of the times no longer
 */
public record Wakeups(double callsPerSecond, double silentNs, double eachNs, double caughtUpNs, double backNs) {

    public Wakeups {
        Required.notNegative(Math.round(callsPerSecond), "callsPerSecond");
    }

    /** What a wakeup costs whoever makes it. */
    double wakeupNs() {
        return Math.max(0, eachNs - silentNs);
    }

    /** What a call takes longer if every so many records wake the reader. */
    double everyNs(double records) {
        return silentNs + wakeupNs() / records;
    }

    /**
     * What a call takes longer if a record wakes a reader that had read everything: for calls at equal distances. What comes until it is back wakes
     * nobody, so there is one wakeup for as many records as that.
     */
    double foreseenCaughtUpNs() {
        return everyNs(Math.max(1, callsPerSecond * backNs / 1e9));
    }
}
