package dev.tracetoll.stats;

/**
 * An estimate and its confidence interval, in the unit that the component holding it names.
 *
 * @param median the estimate made from the data as measured
 * @param low lower bound of the interval
 * @param high upper bound of the interval
 */
public record Interval(double median, double low, double high) {

    /** Refuses bounds that are no numbers or stand in the wrong order. */
    public Interval {
        if (!Double.isFinite(median) || !Double.isFinite(low) || !Double.isFinite(high) || low > high) {
            throw new IllegalArgumentException("not an interval: median " + median + ", from " + low + " to " + high);
        }
    }

    /** Whether the two intervals have a point in common. */
    public boolean touches(Interval other) {
        return low <= other.high && other.low <= high;
    }

    /** Whether the interval holds a value, its bounds included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The interval in another unit. */
    public Interval dividedBy(double divisor) {
        if (!(divisor > 0)) {
            throw new IllegalArgumentException("an interval is divided by a positive number only, not by " + divisor);
        }
        return new Interval(median / divisor, low / divisor, high / divisor);
    }
}
