package dev.tracetoll.experiment;

import java.time.Duration;

/**
 * How much is measured; of all extents of all experiments one can be chosen.
 *
 * @param option which chooses it, as {@code --quick}
 * @param description for the help
 * @param roughly what it takes; the longer, the later it stands in the help
 */
public record Extent(String option, String description, Duration roughly) {}
