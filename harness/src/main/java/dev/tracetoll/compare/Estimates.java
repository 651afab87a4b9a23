package dev.tracetoll.compare;

import dev.tracetoll.compare.Change.Figure;
import dev.tracetoll.results.Arm;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What was estimated of arms, each once, and for all figures at a time, since that takes hardly longer: the floor and the A/A pairs of a run are
 * asked for with each of its arms, with other runs, and for one figure after the other.
 */
final class Estimates {

    private static final double[] QUANTILES =
            Stream.of(Figure.values()).mapToDouble(Figure::quantile).toArray();

    private final HierarchicalBootstrap bootstrap;
    private final Map<Estimated, List<Interval>> known = new ConcurrentHashMap<>();

    private record Estimated(String what, List<List<Itself>> runs) {}

    /** An arm, which is told by who it is: two arms of equal content are as many to compare. */
    private record Itself(Arm arm) {

        @Override
        @SuppressWarnings("ReferenceEquality") // Which arm it is is what it is for.
        public boolean equals(Object other) {
            return other instanceof Itself itself && itself.arm == arm;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(arm);
        }
    }

    /** @param bootstrap makes the intervals */
    Estimates(HierarchicalBootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * An estimate.
     *
     * @param figure which burst of each arm stands for all
     * @param what tells it from others of the same arms
     * @param runs for each run its arms
     * @param ofBursts from these bursts, by run and by arm in their order, to what is estimated
     */
    Interval of(Figure figure, String what, List<List<Arm>> runs, ToDoubleFunction<double[][]> ofBursts) {
        Estimated estimated = new Estimated(
                what,
                runs.stream()
                        .map(arms -> arms.stream().map(Itself::new).toList())
                        .toList());
        return known.computeIfAbsent(
                        estimated, any -> bootstrap.estimatesOfQuantiles(QUANTILES, samples(runs), ofBursts))
                .get(figure.ordinal());
    }

    private static List<List<Bursts>> samples(List<List<Arm>> runs) {
        return runs.stream()
                .map(arms -> arms.stream().map(Arm::bursts).toList())
                .toList();
    }
}
