package dev.tracetoll.compare;

import java.util.List;

/**
 * What has changed from one run to another.
 *
 * @param tolerance a change of an arm's overhead by less than this share does not matter
 * @param across whether the runs come from different environments
 * @param changes for each arm that both have, in the candidate's order; at least one
 */
public record RunChange(double tolerance, boolean across, List<Change> changes) {

    public RunChange {
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("two runs without a common arm have no changes");
        }
    }

    /** What it comes to. */
    public Verdict verdict() {
        return Verdict.of(changes.stream().map(Change::verdict).toList());
    }
}
