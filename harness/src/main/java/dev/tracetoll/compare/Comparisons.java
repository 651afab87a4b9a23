package dev.tracetoll.compare;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the arms of a run with the untraced arm of the same workload; the second arm of an A/A pair, compared with the first, is the
 * noise floor.
 */
public final class Comparisons {

    private final HierarchicalBootstrap bootstrap;
    /** What was estimated, by what it was estimated of; null if nothing is remembered. */
    private final @Nullable Map<List<?>, Optional<Interval>> estimated;

    /** @param seed seed of the run: the same arms and seed give the same intervals */
    public Comparisons(long seed) {
        this(new HierarchicalBootstrap(seed));
    }

    /** @param bootstrap makes the intervals */
    public Comparisons(HierarchicalBootstrap bootstrap) {
        this(bootstrap, null);
    }

    private Comparisons(HierarchicalBootstrap bootstrap, @Nullable Map<List<?>, Optional<Interval>> estimated) {
        this.bootstrap = bootstrap;
        this.estimated = estimated;
    }

    /**
     * The same, for who asks for one figure several times: what was estimated once is remembered for as long as this is there.
     *
     * @param seed seed of the run
     */
    public static Comparisons remembering(long seed) {
        return new Comparisons(new HierarchicalBootstrap(seed), new ConcurrentHashMap<>());
    }

    private Optional<Interval> once(List<?> of, Supplier<Optional<Interval>> estimate) {
        return estimated == null ? estimate.get() : estimated.computeIfAbsent(of, any -> estimate.get());
    }

    /**
     * Every arm against the first untraced arm of its workload, the second of an A/A pair against the first. An arm whose workload lacks
     * what it is compared with is left out.
     *
     * @throws OperationFailed if two arms of one workload have different numbers of rounds
     */
    @SuppressWarnings("ReferenceEquality") // Arms may be equal in all that was measured.
    public List<Comparison> of(List<Arm> arms) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Arm arm : arms) {
            reference(arms, arm)
                    .filter(reference -> reference != arm)
                    .ifPresent(reference -> comparisons.add(compare(arm, reference)));
        }
        return List.copyOf(comparisons);
    }

    /**
     * What an arm's overhead is to its floor's.
     *
     * @param floor arms whose overheads together are the floor
     * @param untraced the arm that all overheads are over
     * @return empty if the floor's overhead is too uncertain to divide by: its interval holds zero
     */
    public Optional<Interval> ratioToFloor(Arm arm, List<Arm> floor, Arm untraced) {
        return once(List.of(arm, floor, untraced), () -> estimatedRatioToFloor(arm, floor, untraced));
    }

    private Optional<Interval> estimatedRatioToFloor(Arm arm, List<Arm> floor, Arm untraced) {
        List<Bursts> samples = samples(List.of(untraced, arm), floor);
        ToDoubleFunction<double[]> floorNs = medians -> IntStream.range(2, medians.length)
                .mapToDouble(i -> medians[i] - medians[0])
                .sum();
        List<Interval> figures = bootstrap.estimates(
                samples,
                List.of(floorNs, medians -> quotient(medians[1] - medians[0], floorNs.applyAsDouble(medians))));
        return figures.get(0).low() <= 0 ? Optional.empty() : Optional.of(figures.get(1));
    }

    /** Of a floor that is no more than nothing, nobody asks. */
    private static double quotient(double ns, double floorNs) {
        return floorNs == 0 ? 0 : ns / floorNs;
    }

    /**
     * An arm whose calls have a price.
     *
     * @param arm what was traced
     * @param untraced the same untraced
     * @param parallel how many threads share the calls of a burst at the same time: a call's part of the burst is so many times as long
     */
    public record Priced(Arm arm, Arm untraced, int parallel) {

        private double overheadPerCallNs(double burstNs, double untracedNs) {
            return (burstNs - untracedNs) / arm.calls() * parallel;
        }
    }

    private static ToDoubleFunction<double[]> overhead(List<Priced> priced, int first) {
        return medians -> IntStream.range(0, priced.size())
                .mapToDouble(i -> priced.get(i).overheadPerCallNs(medians[first + 2 * i], medians[first + 2 * i + 1]))
                .sum();
    }

    private static List<Bursts> samples(List<Priced> priced) {
        return priced.stream()
                .flatMap(each -> Stream.of(each.arm(), each.untraced()))
                .map(Arm::bursts)
                .toList();
    }

    /** What all of them together cost a call, in ns of one thread. */
    public Interval overheadPerCallNs(List<Priced> priced) {
        return once(priced, () -> Optional.of(bootstrap.estimate(samples(priced), overhead(priced, 0))))
                .orElseThrow();
    }

    /**
     * What a call costs in one arm, to what it costs in another; the workloads may differ.
     *
     * @return empty if the other's overhead is too uncertain to divide by: its interval holds zero
     */
    public Optional<Interval> ratio(Priced of, Priced to) {
        ToDoubleFunction<double[]> cost = overhead(List.of(of), 0);
        ToDoubleFunction<double[]> against = overhead(List.of(to), 2);
        return overheadPerCallNs(List.of(to)).low() <= 0
                ? Optional.empty()
                : Optional.of(bootstrap.estimate(
                        samples(List.of(of, to)),
                        medians -> cost.applyAsDouble(medians) / against.applyAsDouble(medians)));
    }

    /**
     * How many times as much a call costs in one arm as in another, to how many times as much it does of their floors; the workloads may
     * differ.
     *
     * @return empty if an overhead is too uncertain to divide by: its interval holds zero
     */
    public Optional<Interval> growthToFloors(Priced of, Priced to, Priced floorOf, Priced floorTo) {
        List<Priced> all = List.of(of, to, floorOf, floorTo);
        List<ToDoubleFunction<double[]>> costs = IntStream.range(0, all.size())
                .mapToObj(i -> overhead(List.of(all.get(i)), 2 * i))
                .toList();
        return Stream.of(to, floorOf, floorTo)
                        .anyMatch(each -> overheadPerCallNs(List.of(each)).low() <= 0)
                ? Optional.empty()
                : Optional.of(bootstrap.estimate(samples(all), medians -> {
                    double[] ns = costs.stream()
                            .mapToDouble(cost -> cost.applyAsDouble(medians))
                            .toArray();
                    return ns[0] / ns[1] / (ns[2] / ns[3]);
                }));
    }

    /**
     * What the parts of an arm that were priced by themselves leave unexplained of its overhead, in ns per call.
     *
     * @param floor arms whose overheads together are the arm's floor
     * @param explained pairs of an arm and of the floor it stands on, one arm: the work above that floor is part of this arm's too
     * @param untraced the arm that all overheads are over
     */
    public Interval residuePerCallNs(Arm arm, List<Arm> floor, List<Map.Entry<Arm, Arm>> explained, Arm untraced) {
        List<Arm> parts = new ArrayList<>();
        explained.forEach(part -> parts.addAll(List.of(part.getKey(), part.getValue())));
        parts.addAll(floor);
        int floorAt = 2 + 2 * explained.size();
        return bootstrap
                .estimate(samples(List.of(untraced, arm), parts), medians -> {
                    double residue = medians[1] - medians[0];
                    for (int i = 2; i < floorAt; i += 2) {
                        residue -= medians[i] - medians[i + 1];
                    }
                    for (int i = floorAt; i < medians.length; i++) {
                        residue -= medians[i] - medians[0];
                    }
                    return residue;
                })
                .dividedBy(arm.calls());
    }

    private static List<Bursts> samples(List<Arm> first, List<Arm> rest) {
        return Stream.concat(first.stream(), rest.stream()).map(Arm::bursts).toList();
    }

    /** What the calls of an arm cost more than those of a reference, in ns per call. */
    public Interval overheadPerCallNs(Arm arm, Arm reference) {
        return bootstrap.difference(arm.bursts(), reference.bursts()).dividedBy(arm.calls());
    }

    /** The median duration of an arm's bursts, in ns. */
    public Interval burstNs(Arm arm) {
        return bootstrap.median(arm.bursts());
    }

    private static Optional<Arm> reference(List<Arm> arms, Arm arm) {
        return arms.stream()
                .filter(other -> other.workload().equals(arm.workload()))
                .filter(other ->
                        arm.again() ? arm.name().equals(other.name() + Arm.AGAIN) : other.untraced() && !other.again())
                .findFirst();
    }

    /**
     * One arm against another of the same workload.
     *
     * @throws OperationFailed if the two have different numbers of rounds
     */
    public Comparison compare(Arm arm, Arm reference) {
        if (arm.bursts().rounds() != reference.bursts().rounds()) {
            throw new OperationFailed("cannot compare arm \"" + arm.name() + "\" of target " + arm.target() + " with \""
                    + reference.name() + "\": they have " + arm.bursts().rounds() + " and "
                    + reference.bursts().rounds()
                    + " rounds, but rounds are compared in pairs; measure again");
        }
        HierarchicalBootstrap.Compared compared = bootstrap.compared(arm.bursts(), reference.bursts());
        return new Comparison(
                arm.name(),
                arm.technique(),
                reference.name(),
                arm.target(),
                arm.function(),
                arm.calls(),
                arm.placement(),
                arm.arguments(),
                compared.difference().dividedBy(arm.calls()),
                compared.ratio());
    }
}
