package dev.tracetoll.experiment.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class GateTrialsTest {

    private static final int ROUNDS_EACH = 5;
    private static final int COMPARISONS = 12;
    /** Fewer than for an answer that counts; what is asked here is far from where they would decide. */
    private static final int RESAMPLES = 200;

    private static GateTrials trials(Run recording, int mostComparisons) {
        return new GateTrials(recording, ROUNDS_EACH, 0.05, mostComparisons, RESAMPLES);
    }

    /** A recording on a machine whose speed wanders by a third, and whose rounds differ by 1 %. */
    private static Run recording(boolean noisy) {
        return recording(noisy, Slowdown.TRIED);
    }

    private static Run recording(boolean noisy, List<Slowdown> slowdowns) {
        Random random = new Random(11);
        int rounds = GateTrials.rounds(COMPARISONS, ROUNDS_EACH);
        double[] speed = IntStream.range(0, rounds)
                .mapToDouble(i -> (1 + 0.3 * Math.sin(i / 9.0)) * (1 + 0.01 * random.nextGaussian()))
                .toArray();
        List<Arm> arms = new ArrayList<>(List.of(
                arm("untraced", "untraced", 18_000, speed, random, 0.01),
                arm("untraced-again", "untraced", 18_000, speed, random, 0.01),
                arm("ebpf-empty", "ebpf-empty", 131_000, speed, random, 0.01)));
        double betweenLaunches = noisy ? 0.2 : 0.01;
        arms.add(arm(GateTrials.TECHNIQUE, GateTrials.TECHNIQUE, 158_000, speed, random, betweenLaunches));
        arms.add(arm(GateTrials.AGAIN, GateTrials.TECHNIQUE, 158_000, speed, random, betweenLaunches));
        for (Slowdown slowdown : slowdowns) {
            arms.add(arm(
                    slowdown.arm(),
                    "ebpf-arguments-delayed-7",
                    18_000 + 140_000 * (1 + slowdown.percent() / 100.0),
                    speed,
                    random,
                    betweenLaunches));
        }
        return SampleRuns.uncompared(arms);
    }

    private static Arm arm(
            String name, String technique, double medianNs, double[] speed, Random random, double betweenLaunches) {
        List<List<Long>> rounds = new ArrayList<>();
        for (double each : speed) {
            double launch = 1 + betweenLaunches * random.nextGaussian();
            rounds.add(random.doubles(9)
                    .mapToObj(ignored ->
                            Math.max(1, Math.round(medianNs * each * launch * (1 + 0.01 * random.nextGaussian()))))
                    .toList());
        }
        return ArmDraft.of(name, technique)
                .target("text", "main.probed")
                .warmups(3)
                .bursts(rounds)
                .cpuNs(1, 1)
                .peakBytes(1, 1)
                .functions(1)
                .threads(5)
                .arm();
    }

    private static GateTrial.Point point(List<GateTrial.Point> points, int percent, Slowdown.Place place) {
        return points.stream()
                .filter(point -> point.made()
                        .filter(new Slowdown(place, percent)::equals)
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void largeSlowdownsAreFoundAndNoneIsNot() {
        List<GateTrial.Point> points = trials(recording(false), COMPARISONS).points();

        assertThat(points)
                .hasSize(1 + Slowdown.TRIED.size())
                .allSatisfy(point -> assertThat(point.comparisons()).isEqualTo(COMPARISONS));
        assertThat(points.get(0).made()).isEmpty();
        assertThat(points.get(0).dearer()).isZero();
        assertThat(points.get(0).measured().contains(1)).isTrue();
        for (Slowdown.Place place : Slowdown.Place.values()) {
            assertThat(point(points, 20, place).dearer()).isEqualTo(COMPARISONS);
            assertThat(point(points, 50, place).dearer()).isEqualTo(COMPARISONS);
            assertThat(point(points, 50, place).measured().median()).isBetween(1.45, 1.55);
        }
    }

    @Test
    void whereWindowsAreFewTheyServeAgain() {
        GateTrials trials = trials(recording(false, List.of()), 3 * COMPARISONS);

        // Thirteen windows: twelve pairs side by side, eleven with one between, ten with two.
        assertThat(trials.points().get(0).comparisons()).isEqualTo(12 + 11 + 10);
    }

    @Test
    void onAMachineThatIsTooNoisyNothingIsFine() {
        List<GateTrial.Point> points = trials(recording(true), COMPARISONS).points();

        assertThat(points.get(0).dearer()).isZero();
        assertThat(points).allSatisfy(point -> assertThat(point.fine()).isZero());
        assertThat(points.get(0).inconclusive()).isGreaterThan(0);
    }
}
