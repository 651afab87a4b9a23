package dev.tracetoll.report;

import dev.tracetoll.results.Arm;
import java.util.Optional;

/** What forbids to read an arm's time as a cost. */
public final class Flaw {

    private Flaw() {}

    /** {@code INVALID}, {@code LOSSY}, or nothing. What a peer lost or made up is told beside its time: it is what the tool does. */
    public static Optional<String> of(Arm arm) {
        if (arm.peer()) {
            return Optional.empty();
        }
        if (!arm.valid()) {
            return Optional.of("INVALID");
        }
        return arm.lost() > 0 ? Optional.of("LOSSY") : Optional.empty();
    }
}
