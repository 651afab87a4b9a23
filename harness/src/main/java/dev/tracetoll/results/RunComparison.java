package dev.tracetoll.results;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Change.Unit;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Compares a run with a baseline, arm by arm: has tracing become dearer?
 *
 * <p>A verdict needs an interval that excludes the tolerance and a noise floor below it, else it is "inconclusive":
 * <ul>
 *   <li>dearer: the interval of the ratio lies above 1 + tolerance, and above 1 + noise floor;
 *   <li>cheaper: it lies below 1 − tolerance, and below 1 − noise floor;
 *   <li>fine: it lies below 1 + tolerance, and the noise floor is below the tolerance;
 *   <li>inconclusive: anything else, and whatever lost events or has too few rounds.
 * </ul>
 *
 * <p>What others made of it, a peer's arm, is not judged, nor is what costs nothing by intent.
 */
public final class RunComparison {

    /** Tolerance unless told otherwise: a change of the overhead by 5 %. */
    public static final double DEFAULT_TOLERANCE = 0.05;

    /** Runs of fewer rounds are not judged. */
    public static final int FEWEST_ROUNDS = RunCheck.FEWEST_ROUNDS;

    /**
     * A floor is the kernel's price, not ours, and there is nothing beside it that would slow down in step with it. What can go wrong on
     * our side is the choice of the probe site, and a worse one costs half as much again at least: 243 ns optimised, 563 ns emulated and
     * 18 900 ns stepped on one virtual machine, 335, 690 and 7 000 ns on another.
     */
    private static final double TOLERANCE_OF_FLOORS = 0.5;

    /** Fewer than elsewhere: each change takes a dozen bootstraps, of runs of many rounds. */
    private static final int RESAMPLES = 1_000;

    private final double tolerance;
    private final HierarchicalBootstrap bootstrap;
    private final Comparisons comparisons;
    /** What has been estimated of which arms: the floor and the A/A pairs of one run are asked for again with each of its arms. */
    private final Map<Estimated, Interval> known = new ConcurrentHashMap<>();

    /** A figure of arms, which are told by who they are: two arms of equal content are as many to compare. */
    private record Estimated(String figure, List<Itself> arms) {

        static Estimated of(String figure, List<Arm> arms) {
            return new Estimated(figure, arms.stream().map(Itself::new).toList());
        }
    }

    private record Itself(Arm arm) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Itself itself && itself.arm == arm;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(arm);
        }
    }

    /**
     * @param tolerance a change by less than this share does not matter; positive
     * @param bootstrap makes the intervals
     */
    public RunComparison(double tolerance, HierarchicalBootstrap bootstrap) {
        if (!(tolerance > 0) || tolerance >= 1) {
            throw new BadInput(String.format(Locale.ROOT, "A tolerance of %s %% is no use; choose one above 0 and below 100", 100 * tolerance));
        }
        this.tolerance = tolerance;
        this.bootstrap = bootstrap;
        this.comparisons = new Comparisons(bootstrap);
    }

    /** Intervals of 95 %; equal seeds give equal intervals. */
    public RunComparison(double tolerance, long seed) {
        this(tolerance, new HierarchicalBootstrap(seed, RESAMPLES, HierarchicalBootstrap.DEFAULT_CONFIDENCE));
    }

    /**
     * Compares two runs of one environment.
     *
     * @throws BadInput if the environments differ, the runs have no arm in common, or one of them is not valid
     */
    public RunChange compare(Run baseline, Run candidate) {
        String before = baseline.environment().fingerprint();
        String after = candidate.environment().fingerprint();
        if (!before.equals(after)) {
            throw new BadInput("The runs come from different environments, " + before + " and " + after + " (" + differences(baseline, candidate)
                    + "), so that their times have nothing to do with each other; compare what they are to their floors with --across");
        }
        return compare(baseline, candidate, false);
    }

    private static String differences(Run baseline, Run candidate) {
        return baseline.environment().differences(candidate.environment()).stream().map(EnvironmentDifference::inWords)
                .collect(Collectors.joining("; "));
    }

    /**
     * Compares two runs of whatever environments: only what has a floor, and only in floors.
     *
     * @throws BadInput if the runs have no such arm in common, or one of them is not valid
     */
    public RunChange compareAcross(Run baseline, Run candidate) {
        return compare(baseline, candidate, true);
    }

    private RunChange compare(Run baseline, Run candidate, boolean across) {
        requireValid("baseline", baseline);
        requireValid("candidate", candidate);
        List<Change> changes = candidate.arms().parallelStream().filter(RunComparison::judged)
                .map(arm -> change(baseline, candidate, arm, across)).flatMap(Optional::stream).toList();
        if (changes.isEmpty()) {
            throw new BadInput("The runs have no arm in common that can be compared" + (across ? " in floors" : "")
                    + "; measure both with the same techniques, target and number of calls");
        }
        return new RunChange(tolerance, across, changes);
    }

    private Optional<Change> change(Run baseline, Run candidate, Arm arm, boolean across) {
        Optional<Measured> before = Measured.find(baseline, arm);
        Optional<Measured> after = Measured.find(candidate, arm);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        boolean floors = !before.get().floor.isEmpty() && !after.get().floor.isEmpty();
        return floors || !across ? Optional.of(change(before.get(), after.get(), floors ? Unit.FLOORS : Unit.CALLS)) : Optional.empty();
    }

    private static void requireValid(String which, Run run) {
        if (!run.valid()) {
            throw new BadInput("The counts of the " + which + " do not add up, so it says nothing; measure it again");
        }
    }

    private static boolean judged(Arm arm) {
        return !arm.untraced() && !arm.again() && !arm.peer() && !arm.technique().equals(Ladder.UNHIT);
    }

    /** An arm with what it is compared with in its own run. */
    private record Measured(Arm arm, Arm untraced, List<Arm> floor, List<Pair> pairs) {

        /** An arm and the same again. */
        private record Pair(Arm first, Arm again) {}

        static Optional<Measured> find(Run run, Arm like) {
            List<Arm> beside = run.arms(like.workload());
            Optional<Arm> arm = named(beside, like.name()).filter(found -> found.technique().equals(like.technique()));
            Optional<Arm> untraced = named(beside, Arm.UNTRACED);
            if (arm.isEmpty() || untraced.isEmpty()) {
                return Optional.empty();
            }
            List<String> floor = Ladder.floor(like.technique());
            List<Arm> arms = floor.stream().flatMap(name -> named(beside, name).stream()).toList();
            return Optional.of(new Measured(arm.get(), untraced.get(), arms.size() == floor.size() ? arms : List.of(), pairs(beside, arm.get())));
        }

        private static Optional<Arm> named(List<Arm> arms, String name) {
            return arms.stream().filter(arm -> arm.name().equals(name)).findFirst();
        }

        /** The untraced pair, and of the traced ones that of the arm itself, or of its mechanism. */
        private static List<Pair> pairs(List<Arm> beside, Arm arm) {
            List<Pair> all = beside.stream().filter(Arm::again)
                    .flatMap(again -> named(beside, again.name().substring(0, again.name().length() - Arm.AGAIN.length())).stream()
                            .map(first -> new Pair(first, again)))
                    .toList();
            List<Pair> own = all.stream().filter(pair -> pair.first == arm).toList();
            return all.stream().filter(pair -> pair.first.untraced()
                    || (own.isEmpty() ? mechanism(pair.first).equals(mechanism(arm)) : own.contains(pair))).toList();
        }

        private static String mechanism(Arm arm) {
            return arm.technique().replaceFirst("-.*", "");
        }

        int rounds() {
            return arm.rounds().size();
        }

        List<Arm> arms() {
            List<Arm> all = new ArrayList<>(List.of(untraced, arm));
            all.addAll(floor);
            return all;
        }
    }

    private Change change(Measured before, Measured after, Unit unit) {
        ToDoubleFunction<double[]> figure = unit == Unit.FLOORS ? RunComparison::inFloors : RunComparison::inCalls;
        Interval old = estimate(unit.name(), before.arms(), figure);
        Interval now = estimate(unit.name(), after.arms(), figure);
        Interval ratio = bootstrap.estimateOfRuns(List.of(samples(before.arms()), samples(after.arms())),
                medians -> quotient(figure.applyAsDouble(medians[1]), figure.applyAsDouble(medians[0])));
        double noise = Math.max(noise(before), noise(after));
        double allowed = Ladder.isFloor(after.arm.technique()) ? Math.max(tolerance, TOLERANCE_OF_FLOORS) : tolerance;
        Optional<String> flaw = flaw(before, "baseline", old).or(() -> flaw(after, "candidate", now));
        Verdict verdict = flaw.isPresent() ? Verdict.INCONCLUSIVE : verdict(ratio, noise, allowed);
        Optional<String> why = flaw.or(() -> verdict == Verdict.INCONCLUSIVE ? Optional.of(uncertain(ratio, noise, allowed)) : sites(before, after));
        return new Change(after.arm.workload(), after.arm.name(), after.arm.technique(), unit, overheadNs(before), overheadNs(after), old, now,
                ratio, noise, allowed, verdict, why);
    }

    private static Verdict verdict(Interval ratio, double noise, double tolerance) {
        double clear = Math.max(tolerance, noise);
        if (ratio.low() > 1 + clear) {
            return Verdict.DEARER;
        }
        if (ratio.high() < 1 - clear) {
            return Verdict.CHEAPER;
        }
        return ratio.high() < 1 + tolerance && noise < tolerance ? Verdict.FINE : Verdict.INCONCLUSIVE;
    }

    private static String uncertain(Interval ratio, double noise, double tolerance) {
        return noise >= tolerance
                ? String.format(Locale.ROOT, "two identical arms differ by up to %.1f %%, which is not below the tolerance of %.3g %%; measure longer or on a quieter machine",
                        100 * noise, 100 * tolerance)
                : String.format(Locale.ROOT, "the interval of the ratio, %.3f to %.3f, holds 1 plus the tolerance of %.3g %%; measure longer or on a quieter machine",
                        ratio.low(), ratio.high(), 100 * tolerance);
    }

    private static Optional<String> flaw(Measured measured, String which, Interval figure) {
        List<Arm> used = new ArrayList<>(List.of(measured.untraced, measured.arm));
        used.addAll(measured.floor);
        Optional<Arm> lossy = used.stream().filter(arm -> arm.lost() > 0).findFirst();
        if (lossy.isPresent()) {
            return Optional.of("the " + which + "'s arm \"" + lossy.get().name() + "\" lost " + lossy.get().lost() + " of "
                    + lossy.get().expected() + " events, so its time is that of an incomplete trace; use a larger ring buffer or smaller bursts");
        }
        if (measured.rounds() < FEWEST_ROUNDS) {
            return Optional.of("the " + which + " has " + measured.rounds() + " rounds; use " + FEWEST_ROUNDS + " at least");
        }
        return figure.low() > 0 ? Optional.empty()
                : Optional.of("the " + which + "'s overhead is not above its noise; measure longer or on a quieter machine");
    }

    private static Optional<String> sites(Measured before, Measured after) {
        List<Site> old = before.arm.sites();
        List<Site> now = after.arm.sites();
        return old.isEmpty() || now.isEmpty() || old.equals(now) ? Optional.empty()
                : Optional.of("the probe sites were " + inWords(old) + " and are " + inWords(now));
    }

    private static String inWords(List<Site> sites) {
        return String.join(", ", sites.stream().map(site -> site.instruction() + " (" + site.siteClass() + ")").toList());
    }

    private Interval overheadNs(Measured measured) {
        return known.computeIfAbsent(Estimated.of("overhead", List.of(measured.arm, measured.untraced)),
                any -> comparisons.overheadPerCallNs(measured.arm, measured.untraced));
    }

    /** The bounds of what the pairs differ by, the untraced one's as a share of the overhead. */
    private double noise(Measured measured) {
        return measured.pairs.stream().map(pair -> pair.first.untraced()
                        ? estimate("untraced pair", List.of(measured.untraced, measured.arm, pair.again),
                                medians -> quotient(medians[2] - medians[0], medians[1] - medians[0]))
                        : estimate("traced pair", List.of(measured.untraced, pair.first, pair.again),
                                medians -> quotient(medians[2] - medians[0], medians[1] - medians[0]) - 1))
                .map(effect -> Math.max(Math.abs(effect.low()), Math.abs(effect.high()))).max(Comparator.naturalOrder()).orElse(0.0);
    }

    private Interval estimate(String figure, List<Arm> arms, ToDoubleFunction<double[]> ofMedians) {
        return known.computeIfAbsent(Estimated.of(figure, arms), any -> bootstrap.estimate(samples(arms), ofMedians));
    }

    private static List<double[][]> samples(List<Arm> arms) {
        return arms.stream().map(Arm::burstsNs).toList();
    }

    private static double inFloors(double[] medians) {
        double floor = 0;
        for (int i = 2; i < medians.length; i++) {
            floor += medians[i] - medians[0];
        }
        return quotient(medians[1] - medians[0], floor);
    }

    private static double inCalls(double[] medians) {
        return quotient(medians[1] - medians[0], medians[0]);
    }

    /** Where the divisor drowns in noise, the quotient may be anything; a figure that is finite keeps the interval as wide as it then is. */
    private static double quotient(double dividend, double divisor) {
        return divisor == 0 ? Math.signum(dividend) * Double.MAX_VALUE : dividend / divisor;
    }
}
