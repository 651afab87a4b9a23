package dev.tracetoll.bench;

import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Site;
import dev.tracetoll.stats.Bursts;
import java.util.List;

/**
 * What one round of one arm measured: what the process of a round hands to the one that started it.
 *
 * @param function linker symbol of the probed function
 * @param goVersion version of Go that built the target
 * @param warmupBursts bursts that were thrown away
 * @param bursts the bursts that count
 * @param calls events of calls
 * @param returns events of returns
 * @param targetCpuNs CPU time of the target during the bursts that count
 * @param tracerCpuNs CPU time of the tracer during the bursts that count and the delivery of their events; 0 untraced
 * @param targetPeakBytes largest resident set of the target
 * @param tracerPeakBytes largest resident set of the tracer, its JVM included but not what other arms made that take; 0 untraced
 * @param threads threads of the target
 * @param sites probe sites of the probed function
 * @param signatures what is traced, see {@link dev.tracetoll.results.Arm#signatures}
 */
record RoundSample(
        String function,
        String goVersion,
        int warmupBursts,
        Bursts bursts,
        EventCounts calls,
        EventCounts returns,
        long targetCpuNs,
        long tracerCpuNs,
        long targetPeakBytes,
        long tracerPeakBytes,
        int threads,
        List<Site> sites,
        List<String> signatures) {}
