package dev.tracetoll.bench;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.tracing.ring.RingChoice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Makes one arm of its rounds. */
final class MergedRounds {

    private MergedRounds() {}

    static Arm of(ArmSpec spec, RingChoice ring, List<RoundSample> rounds) {
        RoundSample first = rounds.get(0);
        EventCounts calls = EventCounts.NONE;
        EventCounts returns = EventCounts.NONE;
        for (RoundSample round : rounds) {
            calls = calls.plus(round.calls());
            returns = returns.plus(round.returns());
        }
        boolean peer = Techniques.find(spec.technique())
                .flatMap(Techniques.Entry::peer)
                .isPresent();
        return new Arm(
                spec.name(),
                spec.technique(),
                Path.of(spec.target()).getFileName().toString(),
                first.function(),
                spec.calls(),
                returns.expected() > 0,
                first.goVersion(),
                rounds.stream().mapToInt(RoundSample::warmupBursts).sum(),
                Bursts.joined(rounds.stream().map(RoundSample::bursts).toList()),
                calls,
                returns,
                rounds.stream().mapToLong(RoundSample::targetCpuNs).sum(),
                rounds.stream().mapToLong(RoundSample::tracerCpuNs).sum(),
                rounds.stream().mapToLong(RoundSample::targetPeakBytes).max().orElse(0),
                tracerPeakBytes(peer, rounds),
                spec.placement(),
                spec.arguments(),
                spec.untraced() ? 0 : spec.probedFunctions(),
                rounds.stream().mapToInt(RoundSample::threads).max().orElse(0),
                first.sites(),
                peer,
                Techniques.ringBytes(spec.technique(), ring),
                List.of(),
                first.signatures());
    }

    /**
     * A peer has a process of its own, whose largest peak counts. Our techniques share a JVM, of which a round tells what this arm made it take
     * more than it took before, and by that somewhat at random: what the garbage collector does just then is in it.
     */
    private static long tracerPeakBytes(boolean peer, List<RoundSample> rounds) {
        double[] peaks =
                rounds.stream().mapToDouble(RoundSample::tracerPeakBytes).toArray();
        return (long) (peer ? Arrays.stream(peaks).max().orElse(0) : Quantiles.median(peaks));
    }
}
