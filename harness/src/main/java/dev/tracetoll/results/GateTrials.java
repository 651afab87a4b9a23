package dev.tracetoll.results;

import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tries the gate on a recording: draws runs of few rounds from it and lets the gate compare them.
 *
 * <p>The rounds are cut into windows, one behind the other. The baseline is one window of the base, the candidate the next window of a
 * slowed arm: as in life, the two are not measured at the same time, and have no round in common. Their untraced arms and floors are those
 * of their own windows. Without a slowdown the candidate is the base's second arm, which is in no baseline.
 */
public final class GateTrials {

    /** The technique that is slowed down, and the name of the base's arm. */
    public static final String TECHNIQUE = "ebpf-arguments";

    /** Its floor, and the name of that arm. */
    public static final String FLOOR = Ladder.floor(TECHNIQUE).get(0);

    /** The second arm of the base. */
    public static final String AGAIN = TECHNIQUE + Arm.AGAIN;

    /** The candidate's A/A pair: as another name, since the candidate's own arm is a slowed one. */
    private static final String PAIR = "base";

    private static final List<Integer> LONGER = List.of(2, 4, 10);
    private static final int FEWEST_COMPARISONS = 5;

    private final Run recording;
    private final int roundsEach;
    private final double tolerance;

    /**
     * @param recording with the arms untraced, untraced-again, its floor, {@value #TECHNIQUE}, the same again, and those of slowdowns
     * @param roundsEach rounds of a window
     * @param tolerance of the gate
     */
    public GateTrials(Run recording, int roundsEach, double tolerance) {
        this.recording = recording;
        this.roundsEach = roundsEach;
        this.tolerance = tolerance;
    }

    /** How many comparisons there are rounds for. */
    public int most() {
        return recording.arms().get(0).rounds().size() / roundsEach - 1;
    }

    /** Rounds that a number of comparisons needs. */
    public static int rounds(int comparisons, int roundsEach) {
        return (comparisons + 1) * roundsEach;
    }

    /** The same with twice, four and ten times the rounds, as far as there are some comparisons of so many. */
    public List<GateTrial.Longer> longer() {
        return LONGER.stream().map(times -> new GateTrials(recording, times * roundsEach, tolerance))
                .filter(trials -> trials.most() >= FEWEST_COMPARISONS)
                .map(trials -> new GateTrial.Longer(trials.roundsEach, trials.points())).toList();
    }

    /** What the gate makes of no slowdown, and of each that was recorded. */
    public List<GateTrial.Point> points() {
        List<GateTrial.Point> points = new ArrayList<>(List.of(point(Optional.empty(), arm(AGAIN))));
        for (Slowdown slowdown : Slowdown.TRIED) {
            recording.arms().stream().filter(arm -> arm.name().equals(slowdown.arm())).findFirst()
                    .ifPresent(arm -> points.add(point(Optional.of(slowdown), arm)));
        }
        return points;
    }

    private GateTrial.Point point(Optional<Slowdown> slowdown, Arm slowed) {
        Map<Verdict, Long> verdicts = IntStream.range(0, most()).parallel().boxed()
                .collect(Collectors.groupingBy(window -> verdict(window, slowed), Collectors.counting()));
        return new GateTrial.Point(slowdown.orElse(null), measured(slowed), count(verdicts, Verdict.CHEAPER), count(verdicts, Verdict.FINE),
                count(verdicts, Verdict.INCONCLUSIVE), count(verdicts, Verdict.DEARER));
    }

    private static int count(Map<Verdict, Long> verdicts, Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L).intValue();
    }

    private Interval measured(Arm slowed) {
        return new HierarchicalBootstrap(recording.seed(), 500, 0.95).estimate(
                List.of(arm(Arm.UNTRACED).burstsNs(), arm(TECHNIQUE).burstsNs(), slowed.burstsNs()),
                medians -> (medians[2] - medians[0]) / (medians[1] - medians[0]));
    }

    private Verdict verdict(int window, Arm slowed) {
        Run baseline = run(window, List.of(arm(TECHNIQUE), arm(AGAIN)));
        Run candidate = run(window + 1, List.of(
                slowed.as(TECHNIQUE, TECHNIQUE), arm(TECHNIQUE).as(PAIR, TECHNIQUE), arm(AGAIN).as(PAIR + Arm.AGAIN, TECHNIQUE)));
        return new RunComparison(tolerance, recording.seed() + window).compare(baseline, candidate).verdict();
    }

    private Run run(int window, List<Arm> traced) {
        List<Arm> arms = new ArrayList<>(List.of(arm(Arm.UNTRACED), arm(Arm.UNTRACED + Arm.AGAIN), arm(FLOOR)));
        arms.addAll(traced);
        return recording.of(arms.stream().map(arm -> arm.rounds(window * roundsEach, (window + 1) * roundsEach)).toList());
    }

    private Arm arm(String name) {
        return recording.arms().stream().filter(arm -> arm.name().equals(name)).findFirst().orElseThrow();
    }
}
