package dev.tracetoll.experiment;

import java.util.Optional;

/**
 * An option of the command line with a value, which belongs to one experiment.
 *
 * @param name as {@code --axis}
 * @param label what its value is, as {@code NAME}
 * @param description for the help
 * @param repeatable whether it can be given more than once
 * @param byDefault its value if it is not given; empty if it then has none
 */
public record OwnOption(
        String name, String label, String description, boolean repeatable, Optional<String> byDefault) {}
