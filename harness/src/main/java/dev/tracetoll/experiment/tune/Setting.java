package dev.tracetoll.experiment.tune;

import dev.tracetoll.burst.Load;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import java.time.Duration;

/**
 * What a buffer has to stand.
 *
 * @param load the calls, each of which leaves a record
 * @param recordBytes of each record, its header not counted
 * @param stalls of the reader
 */
public record Setting(Load load, int recordBytes, Stalls stalls) {

    BufferOptions options(Policy policy, int bytes, boolean arrivals) {
        return new BufferOptions(policy.kind(), bytes, recordBytes, policy.draining(bytes), stalls, arrivals);
    }

    /** What a record takes of the policy's buffer. */
    int room(Policy policy) {
        return options(policy, SizeModel.SMALLEST, false).roomOfRecord();
    }

    /** Whether threads of the load and the reader have to share CPUs. */
    boolean contended() {
        return load.threads() >= Runtime.getRuntime().availableProcessors();
    }

    /** In words, for people. */
    public String inWords() {
        String rate = load.rate() == 0
                ? "calls as fast as can be"
                : String.format(java.util.Locale.ROOT, "%,.0f calls/s", load.rate())
                        .replace(',', ' ');
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
                + ByteSize.inWords(recordBytes) + stall;
    }

    private static String ms(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
