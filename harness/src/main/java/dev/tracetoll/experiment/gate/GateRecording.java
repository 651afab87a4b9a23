package dev.tracetoll.experiment.gate;

import dev.tracetoll.bench.ArmSpec;
import dev.tracetoll.bench.Effort;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.TargetCopies;
import dev.tracetoll.bench.TargetLauncher;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.compare.Change;
import dev.tracetoll.experiment.headline.HeadlinePlan;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
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
    private static final int CALIBRATION_TURNS = 500;

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
                throw new OperationFailed(String.format(
                        Locale.ROOT,
                        "A slowdown of known size cannot be made: %d steps were measured to cost %.0f ns "
                                + "a call, and twice as many %.0f ns; stop other work, or use a quieter machine",
                        steps,
                        costNs,
                        costOfTwiceNs));
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
     * @param slowdowns that are made
     * @throws dev.tracetoll.problem.Problem if the target cannot be traced here, or its slowdowns drown in noise
     */
    public static Plan plan(List<Slowdown> slowdowns, Stopping stopping, long seed) {
        return plan(slowdowns, calibrate(), stopping, seed);
    }

    /** The plan of a gate that judges the technique which is slowed down, and that alone. */
    public static Plan gate(int rounds, long seed) {
        return HeadlinePlan.of(
                target -> List.of(Techniques.named(GateTrials.TECHNIQUE)),
                List.of(TARGET),
                List.of(CALLS),
                Stopping.rounds(rounds),
                seed);
    }

    static Plan plan(List<Slowdown> slowdowns, Prices prices, Stopping stopping, long seed) {
        List<ArmSpec> arms = new ArrayList<>(List.of(
                arm(Arm.UNTRACED, Arm.UNTRACED, 0),
                arm(Plan.AGAIN, Arm.UNTRACED, 0),
                arm(GateTrials.FLOOR, GateTrials.FLOOR, 0),
                arm(GateTrials.TECHNIQUE, GateTrials.TECHNIQUE, 0),
                arm(GateTrials.AGAIN, GateTrials.TECHNIQUE, 0)));
        for (Slowdown slowdown : slowdowns) {
            arms.add(
                    switch (slowdown.place()) {
                        case PROGRAM -> arm(slowdown.arm(), delayed(prices.multiplications(slowdown.percent())), 0);
                        case TARGET -> arm(slowdown.arm(), GateTrials.TECHNIQUE, prices.steps(slowdown.percent()));
                    });
        }
        return new Plan(arms, stopping, seed);
    }

    private static String delayed(int multiplications) {
        return GateTrials.TECHNIQUE + TechniqueFacts.DELAYED_BY + multiplications;
    }

    private static ArmSpec arm(String name, String technique, int spin) {
        return new ArmSpec(
                name,
                technique,
                TARGET,
                arguments(spin),
                CALLS,
                CpuPlacement.UNPINNED,
                1,
                ArmSpec.MAX_BYTES,
                Effort.brief(TechniqueRegistry.ALL.facts(technique), CALLS));
    }

    private static List<String> arguments(int spin) {
        return spin == 0 ? List.of() : List.of("-spin", Integer.toString(spin));
    }

    private static Prices calibrate() {
        try (TargetCopies copies = new TargetCopies();
                Beside arms = new Beside(copies)) {
            Sampled untraced = arms.launch(Arm.UNTRACED, 0);
            Sampled base = arms.launch(GateTrials.TECHNIQUE, 0);
            Sampled delayed = arms.launch(delayed(MUCH_DELAY), 0);
            Sampled twiceDelayed = arms.launch(delayed(2 * MUCH_DELAY), 0);
            Sampled spinning = arms.launch(GateTrials.TECHNIQUE, MUCH_SPIN);
            Sampled twiceSpinning = arms.launch(GateTrials.TECHNIQUE, 2 * MUCH_SPIN);
            for (int turn = 0; turn < CALIBRATION_TURNS; turn++) {
                arms.measure();
            }
            return new Prices(
                    base.callNs() - untraced.callNs(),
                    Price.of(MUCH_DELAY, delayed.callNs() - base.callNs(), twiceDelayed.callNs() - base.callNs()),
                    Price.of(MUCH_SPIN, spinning.callNs() - base.callNs(), twiceSpinning.callNs() - base.callNs()));
        }
    }

    /** The targets that are measured in turn. Closing ends them. */
    private record Beside(TargetCopies copies, List<Sampled> all) implements AutoCloseable {

        private static final int WARM_UP_BURSTS = 50;

        Beside(TargetCopies copies) {
            this(copies, new ArrayList<>());
        }

        Sampled launch(String technique, int spin) {
            Sampled launched = new Sampled(
                    TargetLauncher.launch(
                            Techniques.named(technique), copies.of(TARGET), arguments(spin), TracedTarget.DISCARD),
                    new ArrayList<>());
            all.add(launched);
            launched.traced.burst(WARM_UP_BURSTS, CALLS);
            return launched;
        }

        void measure() {
            all.forEach(Sampled::measure);
        }

        @Override
        public void close() {
            all.forEach(each -> each.traced.close());
        }
    }

    /** A target that is measured in turn with others. */
    private record Sampled(TracedTarget traced, List<Bursts> bursts) {

        /** Of a turn, those that count; one before has the caches back. */
        private static final int BURSTS = 4;

        void measure() {
            bursts.add(traced.burst(1 + BURSTS, CALLS).withoutFirst(1).burst().bursts());
        }

        double callNs() {
            return Bursts.inOneRound(bursts).quantileNs(Change.Figure.QUICK.quantile()) / CALLS;
        }
    }
}
