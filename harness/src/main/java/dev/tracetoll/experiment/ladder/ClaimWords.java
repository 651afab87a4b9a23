package dev.tracetoll.experiment.ladder;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.stats.Interval;
import java.util.Optional;

/** A bound and what came of it, in words. */
record ClaimWords(Claim claim) {

    String what() {
        return claim.what();
    }

    /** The figure; a dash where it cannot be said. */
    String figure() {
        return claim.figure().map(of -> value(of.median())).orElse("–");
    }

    /** Its interval; empty where it was measured once. */
    String range() {
        return claim.figure().filter(ignored -> !claim.once()).map(this::range).orElse("");
    }

    private String range(Interval of) {
        return claim.unit() == Claim.Unit.RATIO ? HumanUnits.ratioRange(of) : HumanUnits.durationRange(of);
    }

    /** The bound. */
    String asked() {
        return (claim.limit() == Claim.Limit.AT_MOST ? "≤ " : "≥ ") + value(claim.bound());
    }

    private String value(double of) {
        return switch (claim.unit()) {
            case RATIO -> HumanUnits.ratio(of);
            case NANOSECONDS -> HumanUnits.duration(of);
            case EVENTS -> HumanUnits.count(of);
            case BYTES -> HumanUnits.bytes((long) of);
        };
    }

    String outcome() {
        return claim.outcome().inWords();
    }

    /** Of a ratio what was divided by what. */
    Optional<String> costs() {
        return claim.costNs()
                .flatMap(cost -> claim.againstNs()
                        .map(against -> HumanUnits.added(cost.median()) + " / " + HumanUnits.added(against.median())));
    }

    /** The same ratio of the floor; empty where it was not measured. */
    Optional<String> ofFloor() {
        return claim.ofFloor().map(of -> HumanUnits.ratio(of.median()));
    }

    /** All of it in a line. */
    String sentence() {
        String interval = range().isEmpty() ? "" : " (" + range() + ")";
        return what() + ": " + figure() + interval
                + costs().map(costs -> ", " + costs).orElse("")
                + ofFloor().map(of -> ", floor " + of).orElse("") + "; " + asked() + ": " + outcome();
    }
}
