package dev.tracetoll.stats;

import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** The same rounds with other durations. */
public final class MappedBursts {

    private MappedBursts() {}

    /**
     * Each duration changed.
     *
     * @param change from one in ns to the one in its place
     */
    public static Bursts of(Bursts bursts, LongUnaryOperator change) {
        return Bursts.joined(IntStream.range(0, bursts.rounds())
                .mapToObj(round -> Bursts.ofRound(
                        bursts.rounds(round, round + 1).all().map(change).toArray()))
                .toList());
    }
}
