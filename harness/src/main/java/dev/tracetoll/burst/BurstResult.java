package dev.tracetoll.burst;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a target measured.
 *
 * @param callsMade the calls of the probed function in all bursts together
 * @param durationsNs the duration of each burst in ns, by the target's own monotonic clock
 * @param cpuNs the CPU time in ns that the target consumed from the first burst to the last, all threads together
 */
public record BurstResult(
        @JsonProperty(required = true) long callsMade,
        @JsonProperty(required = true) long[] durationsNs,
        @JsonProperty(required = true) long cpuNs) {}
