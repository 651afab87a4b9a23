package dev.tracetoll.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.compare.Change.Figure;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.results.Site;
import dev.tracetoll.stats.HierarchicalBootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunComparisonTest {

    private static final int CALLS = 200;
    private static final int BURSTS = 30;
    private static final double UNTRACED_NS = 18_000;
    private static final double FLOOR_NS = 113_000;
    private static final double OVERHEAD_NS = 140_000;

    private final RunComparison comparison = new RunComparison(0.05, new HierarchicalBootstrap(7, 500, 0.95));

    /** A machine with rounds that differ by a given share, and bursts that differ by 2 %. */
    private static final class Machine {
        private final Random random;
        private final double speed;
        private final double betweenRounds;
        private int rounds = 8;
        private double pairDiffersBy = 1;
        private double disturbed;
        private double disturbedAlike = 0.5;
        private double slowedNowAndThen;
        private long lost;
        private List<Site> sites = List.of(new Site("entry", "jbe", "emulated"));

        Machine(long seed, double speed, double betweenRounds) {
            this.random = new Random(seed);
            this.speed = speed;
            this.betweenRounds = betweenRounds;
        }

        Run run(double overhead) {
            double[] round = IntStream.range(0, rounds)
                    .mapToDouble(i -> speed * (1 + betweenRounds * random.nextGaussian()))
                    .toArray();
            return SampleRuns.uncompared(List.of(
                    arm("untraced", "untraced", UNTRACED_NS, round),
                    arm("untraced-again", "untraced", UNTRACED_NS, round),
                    arm("ebpf-empty", "ebpf-empty", UNTRACED_NS + FLOOR_NS, round),
                    arm("ebpf-arguments", "ebpf-arguments", UNTRACED_NS + overhead, round),
                    arm("ebpf-arguments-again", "ebpf-arguments", UNTRACED_NS + overhead * pairDiffersBy, round)));
        }

        /** By which share a burst takes longer: in some rounds most bursts are disturbed, in others few; what is slowed down is so four times of five. */
        private double others(String name) {
            boolean hit = disturbed > 0 && random.nextDouble() < disturbedAlike;
            boolean slowed = slowedNowAndThen > 0 && name.startsWith("ebpf-arguments") && random.nextDouble() < 0.8;
            return (hit ? disturbed : 0) + (slowed ? slowedNowAndThen : 0);
        }

        private Arm arm(String name, String technique, double medianNs, double[] round) {
            List<List<Long>> rounds = new ArrayList<>();
            for (double disturbance : round) {
                disturbedAlike = random.nextDouble();
                rounds.add(LongStream.range(0, BURSTS)
                        .map(i -> Math.round(
                                medianNs * disturbance * (1 + 0.02 * random.nextGaussian()) * (1 + others(name))))
                        .boxed()
                        .collect(Collectors.toList()));
            }
            EventCounts calls =
                    technique.equals("ebpf-arguments") ? new EventCounts(1_000, 1_000 - lost, lost) : EventCounts.NONE;
            return ArmDraft.of(name, technique)
                    .target("text", "main.probed")
                    .calls(CALLS)
                    .warmups(3)
                    .bursts(rounds)
                    .events(calls)
                    .cpuNs(1, 1)
                    .peakBytes(1, 1)
                    .functions(1)
                    .threads(5)
                    .sites(technique.equals("untraced") ? List.of() : sites)
                    .arm();
        }
    }

    @Test
    void whatOthersDoToHalfOfTheBurstsDoesNotKeepQuickOnesFromBeingJudged() {
        Machine baseline = new Machine(1, 1, 0.01);
        Machine candidate = new Machine(2, 1, 0.01);
        baseline.disturbed = 0.3;
        candidate.disturbed = 0.3;
        Change same =
                change(comparison.compare(baseline.run(OVERHEAD_NS), candidate.run(OVERHEAD_NS)), "ebpf-arguments");
        Change slowed = change(
                comparison.compare(baseline.run(OVERHEAD_NS), candidate.run(1.12 * OVERHEAD_NS)), "ebpf-arguments");

        assertThat(same.verdict()).isEqualTo(Verdict.FINE);
        assertThat(same.figure()).isEqualTo(Figure.QUICK);
        assertThat(slowed.verdict()).isEqualTo(Verdict.DEARER);
        assertThat(slowed.figure()).isEqualTo(Figure.QUICK);
    }

    @Test
    void whatHasBecomeDearerInMostBurstsButTheQuickOnesIsFoundByTheMedian() {
        Machine candidate = new Machine(2, 1, 0.01);
        candidate.slowedNowAndThen = 0.4;
        Change slowed = change(
                comparison.compare(new Machine(1, 1, 0.01).run(OVERHEAD_NS), candidate.run(OVERHEAD_NS)),
                "ebpf-arguments");

        assertThat(slowed.verdict()).isEqualTo(Verdict.DEARER);
        assertThat(slowed.figure()).isEqualTo(Figure.MEDIAN);
    }

    private static Change change(RunChange changes, String arm) {
        return changes.changes().stream()
                .filter(change -> change.arm().equals(arm))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sameMachineSameCodeIsFine() {
        RunChange changes =
                comparison.compare(new Machine(1, 1, 0.05).run(OVERHEAD_NS), new Machine(2, 1, 0.05).run(OVERHEAD_NS));

        assertThat(changes.verdict()).isEqualTo(Verdict.FINE);
        assertThat(changes.changes()).extracting(Change::arm).containsExactly("ebpf-empty", "ebpf-arguments");
        Change arguments = change(changes, "ebpf-arguments");
        assertThat(arguments.unit()).isEqualTo(Change.Unit.FLOORS);
        assertThat(arguments.before().contains(OVERHEAD_NS / FLOOR_NS)).isTrue();
        assertThat(arguments.ratio().contains(1)).isTrue();
        assertThat(arguments.noise()).isBetween(0.0, 0.05);
        assertThat(arguments.why()).isEmpty();
        assertThat(change(changes, "ebpf-empty").unit()).isEqualTo(Change.Unit.CALLS);
    }

    @Test
    void aMachineTwiceAsSlowIsNoRegression() {
        RunChange changes =
                comparison.compare(new Machine(1, 1, 0.05).run(OVERHEAD_NS), new Machine(2, 2, 0.05).run(OVERHEAD_NS));

        assertThat(changes.verdict()).isEqualTo(Verdict.FINE);
        assertThat(change(changes, "ebpf-arguments").afterNs().low()).isGreaterThan(1.5 * OVERHEAD_NS / CALLS);
    }

    @Test
    void dearerByMoreThanTheToleranceIsFound() {
        RunChange changes = comparison.compare(
                new Machine(1, 1, 0.05).run(OVERHEAD_NS), new Machine(2, 2, 0.05).run(1.15 * OVERHEAD_NS));

        assertThat(changes.verdict()).isEqualTo(Verdict.DEARER);
        assertThat(change(changes, "ebpf-empty").verdict()).isEqualTo(Verdict.FINE);
        assertThat(change(changes, "ebpf-arguments").ratio().contains(1.15)).isTrue();
    }

    @Test
    void cheaperByMoreThanTheToleranceIsFound() {
        RunChange changes = comparison.compare(
                new Machine(1, 1, 0.05).run(OVERHEAD_NS), new Machine(2, 1, 0.05).run(0.85 * OVERHEAD_NS));

        assertThat(change(changes, "ebpf-arguments").verdict()).isEqualTo(Verdict.CHEAPER);
        assertThat(changes.verdict()).isEqualTo(Verdict.FINE);
    }

    @Test
    void aNoiseFloorAboveTheToleranceIsNeverFine() {
        Machine noisy = new Machine(2, 1, 0.05);
        noisy.pairDiffersBy = 1.08;
        RunChange changes = comparison.compare(new Machine(1, 1, 0.05).run(OVERHEAD_NS), noisy.run(OVERHEAD_NS));

        Change arguments = change(changes, "ebpf-arguments");
        assertThat(arguments.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(arguments.noise()).isGreaterThan(0.05);
        assertThat(arguments.why())
                .hasValueSatisfying(why -> assertThat(why).contains("two identical arms differ by up to"));
    }

    @Test
    void whatIsFarAboveTheNoiseFloorIsFoundAllTheSame() {
        Machine noisy = new Machine(2, 1, 0.05);
        noisy.pairDiffersBy = 1.08;

        assertThat(comparison
                        .compare(new Machine(1, 1, 0.05).run(OVERHEAD_NS), noisy.run(1.5 * OVERHEAD_NS))
                        .verdict())
                .isEqualTo(Verdict.DEARER);
    }

    @Test
    void lostEventsMakeItInconclusive() {
        Machine lossy = new Machine(2, 1, 0.05);
        lossy.lost = 3;
        Change arguments = change(
                comparison.compare(new Machine(1, 1, 0.05).run(OVERHEAD_NS), lossy.run(0.5 * OVERHEAD_NS)),
                "ebpf-arguments");

        assertThat(arguments.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(arguments.why())
                .hasValueSatisfying(why ->
                        assertThat(why).startsWith("the candidate's arm \"ebpf-arguments\" lost 3 of 1000 events"));
    }

    @Test
    void fewRoundsMakeItInconclusive() {
        Machine hasty = new Machine(2, 1, 0.05);
        hasty.rounds = 4;

        assertThat(comparison
                        .compare(new Machine(1, 1, 0.05).run(OVERHEAD_NS), hasty.run(2 * OVERHEAD_NS))
                        .changes())
                .allSatisfy(change -> assertThat(change.why()).contains("the candidate has 4 rounds; use 5 at least"));
    }

    @Test
    void aWorseProbeSiteIsNamed() {
        Machine worse = new Machine(2, 1, 0.05);
        worse.sites = List.of(new Site("entry", "cmp", "stepped"));

        assertThat(change(
                                comparison.compare(
                                        new Machine(1, 1, 0.05).run(OVERHEAD_NS), worse.run(1.5 * OVERHEAD_NS)),
                                "ebpf-arguments")
                        .why())
                .contains("the probe sites were jbe (emulated) and are cmp (stepped)");
    }

    @Test
    void acrossEnvironmentsOnlyFloorsCount() {
        RunChange changes = comparison.compareAcross(
                new Machine(1, 1, 0.05).run(OVERHEAD_NS), new Machine(2, 3, 0.05).run(OVERHEAD_NS));

        assertThat(changes.changes()).extracting(Change::arm).containsExactly("ebpf-arguments");
        assertThat(changes.verdict()).isEqualTo(Verdict.FINE);
    }

    @Test
    void runsWithoutACommonArmAreRefused() {
        Run run = new Machine(1, 1, 0.05).run(OVERHEAD_NS);

        assertThatThrownBy(() -> comparison.compare(run, SampleRuns.headline()))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("The runs have no arm in common");
    }

    @Test
    void anInvalidRunIsRefused() {
        assertThatThrownBy(() -> comparison.compare(SampleRuns.headline(), SampleRuns.flawed()))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("The counts of the candidate do not add up");
    }
}
