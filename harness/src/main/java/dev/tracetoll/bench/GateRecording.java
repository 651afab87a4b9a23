package dev.tracetoll.bench;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Experiment;
import dev.tracetoll.results.GateTrials;
import dev.tracetoll.results.Placement;
import dev.tracetoll.results.Slowdown;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.target.TargetProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Plans a recording to try the gate on: the base, the base again, and the base with slowdowns of known sizes, made by multiplications in the
 * BPF program or by steps in the target, of which it first finds out what they cost here.
 */
public final class GateRecording {

    private static final String TARGET = "text";
    private static final int CALLS = 200;

    /** So much delay that what it costs stands clear of noise, while the burst stays of the same kind. */
    private static final int MUCH_DELAY = 1_000;
    private static final int MUCH_SPIN = 500;
    private static final int CALIBRATION_ROUNDS = 5;
    private static final int CALIBRATION_BURSTS = 50;

    /**
     * What a call costs.
     *
     * @param overheadNs of the base, traced
     * @param multiplicationNs one more multiplication in the BPF program
     * @param stepNs one more step of the target
     */
    record Prices(double overheadNs, double multiplicationNs, double stepNs) {

        int multiplications(int percent) {
            return (int) Math.max(1, Math.round(overheadNs * percent / 100 / multiplicationNs));
        }

        int steps(int percent) {
            return (int) Math.max(1, Math.round(overheadNs * percent / 100 / stepNs));
        }
    }

    private GateRecording() {}

    /**
     * The plan.
     *
     * @throws dev.tracetoll.problem.Problem if the target cannot be traced here
     */
    public static Plan plan(Stopping stopping, long seed) {
        return plan(calibrate(), stopping, seed);
    }

    /** The plan of a gate that judges the technique which is slowed down, and that alone. */
    public static Plan gate(int rounds, long seed) {
        return HeadlinePlan.of(target -> List.of(Techniques.named(GateTrials.TECHNIQUE)), List.of(TARGET), List.of(CALLS), Stopping.rounds(rounds), seed);
    }

    static Plan plan(Prices prices, Stopping stopping, long seed) {
        List<ArmSpec> arms = new ArrayList<>(List.of(
                arm(Arm.UNTRACED, Arm.UNTRACED, 0),
                arm(Plan.AGAIN, Arm.UNTRACED, 0),
                arm(GateTrials.FLOOR, GateTrials.FLOOR, 0),
                arm(GateTrials.TECHNIQUE, GateTrials.TECHNIQUE, 0),
                arm(GateTrials.AGAIN, GateTrials.TECHNIQUE, 0)));
        for (Slowdown slowdown : Slowdown.TRIED) {
            arms.add(switch (slowdown.place()) {
                case PROGRAM -> arm(slowdown.arm(), delayed(prices.multiplications(slowdown.percent())), 0);
                case TARGET -> arm(slowdown.arm(), GateTrials.TECHNIQUE, prices.steps(slowdown.percent()));
            });
        }
        return new Plan(Experiment.HEADLINE, arms, stopping, seed);
    }

    private static String delayed(int multiplications) {
        return GateTrials.TECHNIQUE + Techniques.DELAYED_BY + multiplications;
    }

    private static ArmSpec arm(String name, String technique, int spin) {
        return new ArmSpec(name, technique, TARGET, arguments(spin), CALLS, Placement.UNPINNED, 1, TracedTarget.MAX_BYTES,
                Effort.brief(Techniques.find(technique).orElseThrow(), CALLS));
    }

    private static List<String> arguments(int spin) {
        return spin == 0 ? List.of() : List.of("-spin", Integer.toString(spin));
    }

    private static Prices calibrate() {
        double[] untraced = new double[CALIBRATION_ROUNDS];
        double[] base = new double[CALIBRATION_ROUNDS];
        double[] delayed = new double[CALIBRATION_ROUNDS];
        double[] spinning = new double[CALIBRATION_ROUNDS];
        for (int round = 0; round < CALIBRATION_ROUNDS; round++) {
            untraced[round] = callNs(Arm.UNTRACED, 0);
            base[round] = callNs(GateTrials.TECHNIQUE, 0);
            delayed[round] = callNs(delayed(MUCH_DELAY), 0);
            spinning[round] = callNs(GateTrials.TECHNIQUE, MUCH_SPIN);
        }
        double baseNs = Quantiles.median(base);
        return new Prices(baseNs - Quantiles.median(untraced), (Quantiles.median(delayed) - baseNs) / MUCH_DELAY,
                (Quantiles.median(spinning) - baseNs) / MUCH_SPIN);
    }

    private static double callNs(String technique, int spin) {
        try (TracedTarget traced = TracedTarget.launch(Techniques.named(technique), TargetProgram.of(TARGET), arguments(spin), event -> {})) {
            traced.burst(CALIBRATION_BURSTS, CALLS);
            return Quantiles.median(Arrays.stream(traced.burst(CALIBRATION_BURSTS, CALLS).burst().durationsNs()).asDoubleStream().toArray()) / CALLS;
        }
    }
}
