package dev.tracetoll.report;

/**
 * Where values stand on a logarithmic axis.
 *
 * @param axis its ends and ticks
 * @param from where the lowest stands, in units of length of a {@link Picture}
 * @param to where the highest stands; less than {@code from} on an axis that goes up
 */
public record LogScale(LogAxis axis, double from, double to) {

    /** Where a value stands; one that is off the axis stands at its end. */
    public double at(double value) {
        double share = Math.log(value / axis.first()) / Math.log(axis.last() / axis.first());
        return from + Math.max(0, Math.min(1, share)) * (to - from);
    }
}
