package dev.tracetoll.burst;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a target measured of a {@link Load}.
 *
 * @param callsMade the calls of the probed function
 * @param wallNs from the first to the end of the last
 * @param busyNs how long the calls took, all together, each with one reading of the clock; without where they were made as fast as can be
 * @param latestNs by how much the call that was latest was late
 * @param cpuNs the CPU time of the process, waiting for calls to be due included
 */
public record Paced(
        @JsonProperty(value = "callsMade", required = true) long callsMade,
        @JsonProperty(value = "wallNs", required = true) long wallNs,
        @JsonProperty(value = "busyNs", required = true) long busyNs,
        @JsonProperty(value = "latestNs", required = true) long latestNs,
        @JsonProperty(value = "cpuNs", required = true) long cpuNs) {

    /** The calls a second that there were. */
    public double rate() {
        return 1e9 * callsMade / wallNs;
    }

    /** How long a call took, in ns. */
    public double nsACall() {
        return (double) busyNs / callsMade;
    }
}
