package dev.tracetoll.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.HierarchicalBootstrap;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often the comparison of two runs is right, on made-up runs of which it is known what is true: bursts are log-normal with 2 % spread, rounds
 * are disturbed in all arms alike, each arm differs from round to round by a share of its own, and the two runs come from machines of different
 * speed. Each verdict is a draw of its own; the bounds hold with room for the seeds.
 */
@Tag("long")
class RunComparisonSimulationTest {

    private static final int DRAWS = 50;
    private static final int ROUNDS = 12;
    private static final int BURSTS = 9;
    private static final int CALLS = 200;
    private static final double UNTRACED_NS = 18_000;
    private static final double FLOOR_NS = 113_000;
    private static final double OVERHEAD_NS = 140_000;

    /** How arms differ from round to round by themselves: on a quiet machine, and where somebody else computes beside. */
    private static final double QUIET = 0.006;

    private static final double BUSY = 0.08;

    /** What came of so many comparisons. */
    private record Tally(Map<Verdict, Integer> verdicts, int covered) {
        int of(Verdict verdict) {
            return verdicts.getOrDefault(verdict, 0);
        }
    }

    private static Tally compare(double slowedBy, double unrest) {
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        int covered = 0;
        Random random = new Random(1_000 * Math.round(100 * slowedBy) + Math.round(1_000 * unrest));
        for (int draw = 0; draw < DRAWS; draw++) {
            RunComparison comparison = new RunComparison(0.05, new HierarchicalBootstrap(draw, 200, 0.95));
            RunChange changes = comparison.compare(
                    run(random, OVERHEAD_NS, unrest), run(random, OVERHEAD_NS * (1 + slowedBy), unrest));
            Change change = changes.changes().stream()
                    .filter(each -> each.arm().equals("ebpf-arguments"))
                    .findFirst()
                    .orElseThrow();
            verdicts.merge(change.verdict(), 1, Integer::sum);
            covered += change.ratio().contains(1 + slowedBy) ? 1 : 0;
        }
        return new Tally(verdicts, covered);
    }

    private static Run run(Random random, double overheadNs, double unrest) {
        double speed = Math.exp(0.2 * random.nextGaussian());
        double[] disturbances = random.doubles(ROUNDS)
                .map(ignored -> speed * Math.exp(0.05 * random.nextGaussian()))
                .toArray();
        return SampleRuns.uncompared(List.of(
                arm(random, "untraced", "untraced", UNTRACED_NS, disturbances, unrest),
                arm(random, "untraced-again", "untraced", UNTRACED_NS, disturbances, unrest),
                arm(random, "ebpf-empty", "ebpf-empty", UNTRACED_NS + FLOOR_NS, disturbances, unrest),
                arm(random, "ebpf-arguments", "ebpf-arguments", UNTRACED_NS + overheadNs, disturbances, unrest),
                arm(random, "ebpf-arguments-again", "ebpf-arguments", UNTRACED_NS + overheadNs, disturbances, unrest)));
    }

    private static Arm arm(
            Random random, String name, String technique, double medianNs, double[] disturbances, double unrest) {
        List<List<Long>> rounds = IntStream.range(0, ROUNDS)
                .mapToObj(round -> {
                    double roundNs = medianNs * disturbances[round] * Math.exp(unrest * random.nextGaussian());
                    return IntStream.range(0, BURSTS)
                            .mapToObj(burst -> Math.round(roundNs * Math.exp(0.02 * random.nextGaussian())))
                            .toList();
                })
                .toList();
        return ArmDraft.of(name, technique)
                .target("text", "main.probed")
                .calls(CALLS)
                .warmups(3)
                .bursts(rounds)
                .cpuNs(1, 1)
                .peakBytes(1, 1)
                .functions(1)
                .threads(5)
                .arm();
    }

    @Test
    void whatIsTheSameIsHardlyEverCalledDearer() {
        Tally quiet = compare(0, QUIET);
        Tally busy = compare(0, BUSY);

        assertThat(quiet.of(Verdict.DEARER)).as("%s", quiet).isZero();
        assertThat(quiet.of(Verdict.FINE)).as("%s", quiet).isGreaterThanOrEqualTo(40);
        assertThat(busy.of(Verdict.DEARER)).as("%s", busy).isLessThanOrEqualTo(1);
        assertThat(busy.of(Verdict.FINE))
                .as("%s: a noise floor above the tolerance", busy)
                .isLessThanOrEqualTo(1);
    }

    @Test
    void tenPercentAreFoundOnAQuietMachine() {
        Tally tally = compare(0.10, QUIET);

        assertThat(tally.of(Verdict.DEARER)).as("%s", tally).isGreaterThanOrEqualTo(48);
        assertThat(tally.of(Verdict.FINE)).as("%s", tally).isZero();
    }

    @Test
    void tenPercentAreNotCalledFineOnABusyMachine() {
        Tally tally = compare(0.10, BUSY);

        assertThat(tally.of(Verdict.FINE)).as("%s", tally).isZero();
    }

    @Test
    void halfAsMuchAgainIsFoundOnABusyMachineToo() {
        Tally tally = compare(0.50, BUSY);

        assertThat(tally.of(Verdict.DEARER)).as("%s", tally).isGreaterThanOrEqualTo(40);
    }

    @Test
    void whatIsCheaperIsNotCalledDearer() {
        Tally tally = compare(-0.15, QUIET);

        assertThat(tally.of(Verdict.CHEAPER)).as("%s", tally).isGreaterThanOrEqualTo(48);
        assertThat(tally.of(Verdict.DEARER)).as("%s", tally).isZero();
    }

    /** Twelve rounds that differ are a little few for a percentile bootstrap; see its table. */
    @Test
    void theIntervalOfTheRatioHoldsTheTruthNearlyAsOftenAsPromised() {
        assertThat(compare(0.10, QUIET).covered() + compare(0.50, BUSY).covered())
                .isBetween((int) (0.88 * 2 * DRAWS), 2 * DRAWS);
    }
}
