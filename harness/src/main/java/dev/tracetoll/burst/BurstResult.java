package dev.tracetoll.burst;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tracetoll.stats.Bursts;

/**
 * What a target measured.
 *
 * @param callsMade the calls of the probed function in all bursts together
 * @param bursts how long each took, by the target's own monotonic clock; they are of one round
 * @param cpuNs the CPU time in ns that the target consumed from the first burst to the last, all threads together
 */
public record BurstResult(long callsMade, Bursts bursts, long cpuNs) {

    @JsonCreator
    static BurstResult of(
            @JsonProperty(value = "callsMade", required = true) long callsMade,
            @JsonProperty(value = "durationsNs", required = true) long[] durationsNs,
            @JsonProperty(value = "cpuNs", required = true) long cpuNs) {
        return new BurstResult(callsMade, Bursts.ofRound(durationsNs), cpuNs);
    }
}
