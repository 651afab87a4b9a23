package dev.tracetoll.bench;

import dev.tracetoll.problem.OperationFailed;
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
import java.util.Locale;

/**
 * Plans a recording to try the gate on: the base, the base again, and the base with slowdowns of known sizes, made by multiplications in the
 * BPF program or by steps in the target, of which it first finds out what they cost here.
 */
public final class GateRecording {

    private static final String TARGET = "text";
    private static final int CALLS = 200;

    /** So much delay that what it costs stands clear of noise, while the burst stays of the same kind. */
    private static final int MUCH_DELAY = 250;
    private static final int MUCH_SPIN = 250;
    private static final int CALIBRATION_ROUNDS = 5;
    private static final int CALIBRATION_BURSTS = 50;

    /**
     * What doing more costs: the processor does some of it beside other work, for nothing, and the rest takes so much a step.
     *
     * @param hiddenNs what is done for nothing would take
     */
    record Price(double stepNs, double hiddenNs) {

        /**
         * Of what {@code steps} steps cost, and twice as many.
         *
         * @throws OperationFailed if more of them do not cost more
         */
        static Price of(int steps, double costNs, double costOfTwiceNs) {
            double stepNs = (costOfTwiceNs - costNs) / steps;
            if (!(stepNs > 0)) {
                throw new OperationFailed(String.format(Locale.ROOT, "A slowdown of known size cannot be made: %d steps were measured to cost %.0f ns "
                        + "a call, and twice as many %.0f ns; stop other work, or use a quieter machine", steps, costNs, costOfTwiceNs));
            }
            return new Price(stepNs, Math.max(0, steps * stepNs - costNs));
        }

        /** How many steps cost so much; 1 at least. */
        int steps(double ns) {
            return (int) Math.max(1, Math.round((ns + hiddenNs) / stepNs));
        }
    }

    /**
     * What a call costs.
     *
     * @param overheadNs of the base, traced
     * @param multiplication one more multiplication in the BPF program
     * @param step one more step of the target
     */
    record Prices(double overheadNs, Price multiplication, Price step) {

        int multiplications(int percent) {
            return multiplication.steps(overheadNs * percent / 100);
        }

        int steps(int percent) {
            return step.steps(overheadNs * percent / 100);
        }
    }

    private GateRecording() {}

    /**
     * The plan.
     *
     * @throws dev.tracetoll.problem.Problem if the target cannot be traced here, or its slowdowns drown in noise
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
        double[][] delayed = new double[2][CALIBRATION_ROUNDS];
        double[][] spinning = new double[2][CALIBRATION_ROUNDS];
        for (int round = 0; round < CALIBRATION_ROUNDS; round++) {
            untraced[round] = callNs(Arm.UNTRACED, 0);
            base[round] = callNs(GateTrials.TECHNIQUE, 0);
            for (int i = 0; i < 2; i++) {
                delayed[i][round] = callNs(delayed((i + 1) * MUCH_DELAY), 0);
                spinning[i][round] = callNs(GateTrials.TECHNIQUE, (i + 1) * MUCH_SPIN);
            }
        }
        double baseNs = Quantiles.median(base);
        return new Prices(baseNs - Quantiles.median(untraced),
                Price.of(MUCH_DELAY, Quantiles.median(delayed[0]) - baseNs, Quantiles.median(delayed[1]) - baseNs),
                Price.of(MUCH_SPIN, Quantiles.median(spinning[0]) - baseNs, Quantiles.median(spinning[1]) - baseNs));
    }

    private static double callNs(String technique, int spin) {
        try (TracedTarget traced = TracedTarget.launch(Techniques.named(technique), TargetProgram.of(TARGET), arguments(spin), TracedTarget.DISCARD)) {
            traced.burst(CALIBRATION_BURSTS, CALLS);
            return Quantiles.median(Arrays.stream(traced.burst(CALIBRATION_BURSTS, CALLS).burst().durationsNs()).asDoubleStream().toArray()) / CALLS;
        }
    }
}
