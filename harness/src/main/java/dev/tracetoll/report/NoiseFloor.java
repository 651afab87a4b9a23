package dev.tracetoll.report;

import dev.tracetoll.results.Comparison;

/** What two untraced arms differ by, in words. */
public final class NoiseFloor {

    private NoiseFloor() {}

    /**
     * Says it.
     *
     * @param floor the second untraced arm against the first
     */
    public static String inWords(Comparison floor) {
        return "two untraced arms differ by "
                + HumanUnits.duration(floor.overheadPerCallNs().median()) + " per call ("
                + HumanUnits.durationRange(floor.overheadPerCallNs()) + "), "
                + HumanUnits.ratio(floor.ratio().median())
                + " (" + HumanUnits.ratioRange(floor.ratio()) + ")";
    }
}
