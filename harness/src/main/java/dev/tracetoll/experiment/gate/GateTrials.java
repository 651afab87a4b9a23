package dev.tracetoll.experiment.gate;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.RunComparison;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tries the gate on a recording: draws runs of few rounds from it and lets the gate compare them.
 *
 * <p>The rounds are cut into windows, one behind the other. The baseline is one window of the base, the candidate the next window of a
 * slowed arm or, once every window has served so, the second and then the third next: as in life, the two are not measured at the same time,
 * and have no round in common. Their untraced arms and floors are those of their own windows. Without a slowdown the candidate is the base's second arm, which
 * is in no baseline.
 */
public final class GateTrials {

    /** The technique that is slowed down, and the name of the base's arm. */
    public static final String TECHNIQUE = "ebpf-arguments";

    /** Its floor, and the name of that arm. */
    public static final String FLOOR =
            TechniqueRegistry.ALL.facts(TECHNIQUE).floor().get(0);

    /** The second arm of the base. */
    public static final String AGAIN = TECHNIQUE + Arm.AGAIN;

    /** The candidate's A/A pair: as another name, since the candidate's own arm is a slowed one. */
    private static final String PAIR = "base";

    private static final List<Integer> LONGER = List.of(2, 4, 10);
    private static final int FEWEST_COMPARISONS = 5;
    /** Of more rounds a comparison takes longer. */
    private static final int MOST_OF_LONGER = 30;
    /** Windows that are further apart differ by more than a gate's runs need to. */
    private static final int MOST_DISTANCE = 3;
    /** What is larger, the fewest rounds find. */
    private static final int MOST_PERCENT_OF_LONGER = 10;

    private final Run recording;
    private final int roundsEach;
    private final double tolerance;
    private final int mostComparisons;
    private final int resamples;
    /** What the slowdowns cost in truth, by arm: the same whatever the windows. */
    private final Map<String, Interval> measured;

    /**
     * @param recording with the arms untraced, untraced-again, its floor, {@value #TECHNIQUE}, the same again, and those of slowdowns
     * @param roundsEach rounds of a window
     * @param tolerance of the gate
     * @param mostComparisons of each slowdown; there are fewer where the recording has no more windows
     */
    public GateTrials(Run recording, int roundsEach, double tolerance, int mostComparisons) {
        this(recording, roundsEach, tolerance, mostComparisons, RunComparison.RESAMPLES);
    }

    /** @param resamples for each interval of a comparison */
    GateTrials(Run recording, int roundsEach, double tolerance, int mostComparisons, int resamples) {
        this(recording, roundsEach, tolerance, mostComparisons, resamples, new HashMap<>());
    }

    private GateTrials(
            Run recording,
            int roundsEach,
            double tolerance,
            int mostComparisons,
            int resamples,
            Map<String, Interval> measured) {
        this.resamples = resamples;
        this.measured = measured;
        this.recording = recording;
        this.roundsEach = roundsEach;
        this.tolerance = tolerance;
        this.mostComparisons = mostComparisons;
    }

    /** Two windows, the baseline's and the candidate's. */
    private record Pair(int baseline, int candidate) {}

    private List<Pair> pairs() {
        int windows = recording.arms().get(0).bursts().rounds() / roundsEach;
        return IntStream.rangeClosed(1, MOST_DISTANCE)
                .boxed()
                .flatMap(distance -> IntStream.range(0, Math.max(0, windows - distance))
                        .mapToObj(window -> new Pair(window, window + distance)))
                .limit(mostComparisons)
                .toList();
    }

    /** Rounds in which a number of comparisons has windows side by side; a third of them will do. */
    public static int rounds(int comparisons, int roundsEach) {
        return (comparisons + 1) * roundsEach;
    }

    /** The same of small slowdowns with twice, four and ten times the rounds, as far as there are some comparisons of so many. */
    public List<GateTrial.Longer> longer() {
        return LONGER.stream()
                .map(times -> longer(times))
                .filter(trials -> trials.pairs().size() >= FEWEST_COMPARISONS)
                .map(trials -> new GateTrial.Longer(trials.roundsEach, trials.points(MOST_PERCENT_OF_LONGER)))
                .toList();
    }

    private GateTrials longer(int times) {
        return new GateTrials(
                recording,
                times * roundsEach,
                tolerance,
                Math.min(mostComparisons, MOST_OF_LONGER),
                resamples,
                measured);
    }

    /** What the gate makes of no slowdown, and of each that was recorded. */
    public List<GateTrial.Point> points() {
        return points(Integer.MAX_VALUE);
    }

    /** Arm and slowdown; of the base's second arm there is none. */
    private record Slowed(Optional<Slowdown> slowdown, Arm arm) {}

    private List<GateTrial.Point> points(int mostPercent) {
        List<Slowed> all = new ArrayList<>(List.of(new Slowed(Optional.empty(), arm(AGAIN))));
        Slowdown.TRIED.stream()
                .filter(slowdown -> slowdown.percent() <= mostPercent)
                .forEach(slowdown -> recording.arms().stream()
                        .filter(arm -> arm.name().equals(slowdown.arm()))
                        .findFirst()
                        .ifPresent(arm -> all.add(new Slowed(Optional.of(slowdown), arm))));
        List<List<Verdict>> verdicts =
                pairs().parallelStream().map(pair -> verdicts(pair, all)).toList();
        return IntStream.range(0, all.size())
                .mapToObj(i -> point(
                        all.get(i), verdicts.stream().map(each -> each.get(i)).toList()))
                .toList();
    }

    private GateTrial.Point point(Slowed slowed, List<Verdict> verdicts) {
        return new GateTrial.Point(
                slowed.slowdown.orElse(null),
                measured(slowed.arm),
                Collections.frequency(verdicts, Verdict.CHEAPER),
                Collections.frequency(verdicts, Verdict.FINE),
                Collections.frequency(verdicts, Verdict.INCONCLUSIVE),
                Collections.frequency(verdicts, Verdict.DEARER));
    }

    private Interval measured(Arm slowed) {
        return measured.computeIfAbsent(
                slowed.name(),
                any -> new HierarchicalBootstrap(recording.seed(), 500, 0.95)
                        .of(Change.Figure.QUICK.quantile())
                        .estimate(
                                List.of(
                                        arm(Arm.UNTRACED).bursts(),
                                        arm(TECHNIQUE).bursts(),
                                        slowed.bursts()),
                                quick -> (quick[2] - quick[0]) / (quick[1] - quick[0])));
    }

    /** By one comparison, which need not estimate anew what all of them have in common. */
    private List<Verdict> verdicts(Pair pair, List<Slowed> all) {
        RunComparison comparison = new RunComparison(
                tolerance,
                new HierarchicalBootstrap(
                        recording.seed() + pair.baseline, resamples, HierarchicalBootstrap.DEFAULT_CONFIDENCE));
        List<Arm> base = window(pair.baseline, List.of(arm(TECHNIQUE), arm(AGAIN)));
        List<Arm> beside = window(
                pair.candidate,
                List.of(arm(TECHNIQUE).as(PAIR, TECHNIQUE), arm(AGAIN).as(PAIR + Arm.AGAIN, TECHNIQUE)));
        Run baseline = recording.of(base);
        return all.stream()
                .map(slowed -> {
                    List<Arm> candidate = new ArrayList<>(beside);
                    candidate.add(rounds(pair.candidate, slowed.arm.as(TECHNIQUE, TECHNIQUE)));
                    return comparison.compare(baseline, recording.of(candidate)).verdict();
                })
                .toList();
    }

    private List<Arm> window(int window, List<Arm> traced) {
        List<Arm> arms = new ArrayList<>(List.of(arm(Arm.UNTRACED), arm(Arm.UNTRACED + Arm.AGAIN), arm(FLOOR)));
        arms.addAll(traced);
        return arms.stream().map(arm -> rounds(window, arm)).toList();
    }

    private Arm rounds(int window, Arm arm) {
        return arm.rounds(window * roundsEach, (window + 1) * roundsEach);
    }

    private Arm arm(String name) {
        return recording.arms().stream()
                .filter(arm -> arm.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
