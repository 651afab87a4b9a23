package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The question that a run asks, which decides how its figures are shown. */
public enum Experiment {
    /** What does the same burst cost under each technique? */
    @JsonProperty("headline")
    HEADLINE,
    /** What does each part of a technique add to the one below? */
    @JsonProperty("ladder")
    LADDER,
    /** How does the cost grow with the size of the workload? */
    @JsonProperty("growth")
    GROWTH
}
