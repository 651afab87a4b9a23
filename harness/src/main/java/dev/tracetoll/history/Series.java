package dev.tracetoll.history;

import dev.tracetoll.stats.ChangePoints.ChangePoint;
import dev.tracetoll.stats.Interval;
import java.util.List;
import java.util.Optional;

/**
 * A figure of an arm from run to run.
 *
 * @param measure what it is
 * @param readings from the oldest run to the newest, of those that have it; at least one
 * @param changes where its level has changed; they count {@code readings}
 */
public record Series(Measure measure, List<Reading> readings, List<ChangePoint> changes) {

    /**
     * A figure in a run.
     *
     * @param run number of the run, from 0 for the oldest
     * @param value with its 95 % interval
     */
    public record Reading(int run, Interval value) {}

    public Series {
        readings = List.copyOf(readings);
        changes = List.copyOf(changes);
    }

    /** What it was in a run; empty if that has none. */
    public Optional<Interval> in(int run) {
        return readings.stream()
                .filter(reading -> reading.run() == run)
                .map(Reading::value)
                .findFirst();
    }

    /** The change of level that began with a run. */
    public Optional<ChangePoint> changeIn(int run) {
        return changes.stream().filter(change -> runOf(change) == run).findFirst();
    }

    /** The first run of a new level. */
    public int runOf(ChangePoint change) {
        return readings.get(change.at()).run();
    }

    /** What it was last. */
    public Interval last() {
        return readings.get(readings.size() - 1).value();
    }
}
