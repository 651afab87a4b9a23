package dev.tracetoll.experiment.tune;

import dev.tracetoll.burst.Load;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import dev.tracetoll.tracing.ring.Draining;
import java.time.Duration;

/**
 * What a buffer has to stand.
 *
 * @param load the calls, each of which leaves a record
 * @param recordBytes of each record, its header not counted
 * @param stalls of the reader
 * @param placement on which CPUs
 */
public record Setting(Load load, int recordBytes, Stalls stalls, CpuPlacement placement) {

    /** Threads and reader run where the scheduler puts them. */
    public Setting(Load load, int recordBytes, Stalls stalls) {
        this(load, recordBytes, stalls, CpuPlacement.UNPINNED);
    }

    BufferOptions options(Policy policy, int bytes, boolean arrivals) {
        return new BufferOptions(policy.kind(), bytes, recordBytes, policy.draining(bytes), stalls, arrivals);
    }

    /** Options of a probe that leaves no record. */
    BufferOptions probeAlone() {
        return new BufferOptions(
                BufferKind.NONE, SizeModel.SMALLEST, recordBytes, Draining.timed(), Stalls.NONE, false);
    }

    /** What a record takes of the policy's buffer. */
    int room(Policy policy) {
        return options(policy, SizeModel.SMALLEST, false).roomOfRecord();
    }

    /** Whether threads of the load and the reader have to share CPUs. */
    boolean contended() {
        return placement == CpuPlacement.ONE_CORE
                || load.threads() >= Runtime.getRuntime().availableProcessors();
    }

    /** In words, for people. */
    public String inWords() {
        String rate = load.rate() == 0 ? "calls as fast as can be" : HumanUnits.count(load.rate()) + " calls/s";
        String how =
                switch (load.arrivals()) {
                    case STEADY -> "";
                    case POISSON -> " at random";
                    case BURSTS -> " in bursts of " + load.burst();
                };
        String stall = stalls.length().isZero()
                ? ""
                : ", reader stalled for " + ms(stalls.length()) + " every " + ms(stalls.every());
        return rate + how + ", " + load.threads() + (load.threads() == 1 ? " thread" : " threads") + ", records of "
                + ByteSize.inWords(recordBytes) + stall
                + switch (placement) {
                    case UNPINNED -> "";
                    case ONE_CORE -> ", threads and reader on one core";
                    case TWO_CORES -> ", reader on another core than the threads";
                };
    }

    private static String ms(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
