package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonProperty;

/** On which CPUs an arm ran. */
public enum CpuPlacement {
    /** Wherever the scheduler put the target and the tracer. */
    @JsonProperty("unpinned")
    UNPINNED("unpinned"),
    /** The target and the tracer's threads on the same CPU. */
    @JsonProperty("one-core")
    ONE_CORE("one core"),
    /** The target on one CPU, the tracer's threads on another core's. */
    @JsonProperty("two-cores")
    TWO_CORES("two cores");

    private final String words;

    CpuPlacement(String words) {
        this.words = words;
    }

    /** For people. */
    public String inWords() {
        return words;
    }
}
