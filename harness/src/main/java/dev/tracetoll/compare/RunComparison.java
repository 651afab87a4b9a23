package dev.tracetoll.compare;

import dev.tracetoll.compare.Change.Figure;
import dev.tracetoll.compare.Change.Unit;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.RunCheck;
import dev.tracetoll.stats.HierarchicalBootstrap;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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
 * <p>Two figures of each arm are judged so, a quick burst and the median one. Of the two verdicts the graver one counts, but a figure that says
 * nothing leaves it to the other: a machine that others disturb hardly disturbs its quick bursts, while what has become dearer now and then only
 * shows in the median.
 *
 * <p>What others made of it, a peer's arm, is not judged, nor is what costs nothing by intent.
 */
public final class RunComparison {

    /** Tolerance unless told otherwise: a change of the overhead by 5 %. */
    public static final double DEFAULT_TOLERANCE = RunCheck.TOLERANCE;

    /** Runs of fewer rounds are not judged. */
    public static final int FEWEST_ROUNDS = RunCheck.FEWEST_ROUNDS;

    /** Fewer than elsewhere: each change takes two dozen bootstraps, of runs of many rounds. */
    public static final int RESAMPLES = 1_000;

    private final double tolerance;
    private final List<FigureComparison> figures;

    /**
     * @param tolerance a change by less than this share does not matter; positive
     * @param bootstrap makes the intervals
     */
    public RunComparison(double tolerance, HierarchicalBootstrap bootstrap) {
        if (!(tolerance > 0) || tolerance >= 1) {
            throw new BadInput(String.format(
                    Locale.ROOT, "A tolerance of %s %% is no use; choose one above 0 and below 100", 100 * tolerance));
        }
        this.tolerance = tolerance;
        Estimates estimates = new Estimates(bootstrap);
        this.figures = Stream.of(Figure.values())
                .map(figure -> new FigureComparison(figure, estimates, tolerance))
                .toList();
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
        requireSameEnvironment(baseline, candidate);
        return compare(baseline, candidate, false);
    }

    /**
     * What has changed from one run to another of the same environment, for each arm that both have, in the candidate's order.
     *
     * @throws BadInput if the environments differ, or one of the runs is not valid
     */
    public List<Change> changes(Run baseline, Run candidate) {
        requireSameEnvironment(baseline, candidate);
        return changes(baseline, candidate, false);
    }

    private static void requireSameEnvironment(Run baseline, Run candidate) {
        Run.requireOneEnvironment(List.of(baseline, candidate), "compare what they are to their floors with --across");
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
        List<Change> changes = changes(baseline, candidate, across);
        if (changes.isEmpty()) {
            throw new BadInput("The runs have no arm in common that can be compared" + (across ? " in floors" : "")
                    + "; measure both with the same techniques, target and number of calls");
        }
        return new RunChange(tolerance, across, changes);
    }

    private List<Change> changes(Run baseline, Run candidate, boolean across) {
        requireValid("baseline", baseline);
        requireValid("candidate", candidate);
        return candidate.arms().parallelStream()
                .filter(RunComparison::judged)
                .map(arm -> change(baseline, candidate, arm, across))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Change> change(Run baseline, Run candidate, Arm arm, boolean across) {
        Optional<MeasuredArm> before = MeasuredArm.find(baseline, arm);
        Optional<MeasuredArm> after = MeasuredArm.find(candidate, arm);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        boolean floors = !before.get().floor().isEmpty() && !after.get().floor().isEmpty();
        return floors || !across
                ? Optional.of(change(before.get(), after.get(), floors ? Unit.FLOORS : Unit.CALLS))
                : Optional.empty();
    }

    private Change change(MeasuredArm before, MeasuredArm after, Unit unit) {
        List<Change> all =
                figures.stream().map(each -> each.change(before, after, unit)).toList();
        List<Change> conclusive = all.stream()
                .filter(each -> each.verdict() != Verdict.INCONCLUSIVE)
                .toList();
        return Collections.max(conclusive.isEmpty() ? all : conclusive, Comparator.comparing(Change::verdict));
    }

    private static void requireValid(String which, Run run) {
        if (!run.valid()) {
            throw new BadInput("The counts of the " + which + " do not add up, so it says nothing; measure it again");
        }
    }

    private static boolean judged(Arm arm) {
        return !arm.untraced()
                && !arm.again()
                && !arm.peer()
                && !arm.technique().equals(Arm.UNHIT);
    }
}
