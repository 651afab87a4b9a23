package dev.tracetoll.experiment.tune;

import dev.tracetoll.bench.PacedTarget;
import dev.tracetoll.burst.Load;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Measures what wakeups cost, from some calls a second to as many as can be. */
final class WakeupTrials {

    private static final double[] RATES = {1_000, 10_000, 100_000, 0};
    private static final int ROUNDS = 3;
    private static final double SECONDS = 0.3;
    private static final int UNPACED_CALLS = 200_000;
    /** Nothing is lost in it. */
    private static final int LARGE = 32 << 20;

    private static final double P50 = 50;

    /** What takes turns. */
    private enum Arm {
        UNTRACED,
        SILENT,
        EACH,
        CAUGHT_UP
    }

    private final PacedTarget target;
    private final int recordBytes;
    private final Random random;

    WakeupTrials(PacedTarget target, int recordBytes, long seed) {
        this.target = target;
        this.recordBytes = recordBytes;
        this.random = new Random(seed);
    }

    private static Policy policy(Arm arm) {
        Policy.When when =
                switch (arm) {
                    case EACH -> Policy.When.EACH;
                    case CAUGHT_UP -> Policy.When.CAUGHT_UP;
                    default -> Policy.When.TIMED;
                };
        return Policy.ALL.stream()
                .filter(each -> each.kind() == BufferKind.RINGBUF && each.when() == when)
                .findFirst()
                .orElseThrow();
    }

    List<Wakeups> run(TuneTrials.Progress progress, double share) {
        List<Wakeups> all = new ArrayList<>();
        for (double rate : RATES) {
            progress.at(share, "what a wakeup costs");
            all.add(at(rate));
        }
        return all;
    }

    private Wakeups at(double rate) {
        Load load = rate == 0 ? Load.unpaced(UNPACED_CALLS, 1) : Load.steady(rate, (int) (rate * SECONDS), 1);
        Setting setting = new Setting(load, recordBytes, Stalls.NONE);
        Map<Arm, List<Double>> nsACall = new EnumMap<>(Arm.class);
        for (Arm arm : Arm.values()) {
            nsACall.put(arm, new ArrayList<>());
        }
        List<Double> rates = new ArrayList<>();
        List<Double> back = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Arm> order = new ArrayList<>(List.of(Arm.values()));
            Collections.shuffle(order, random);
            for (Arm arm : order) {
                double ns;
                if (arm == Arm.UNTRACED) {
                    ns = target.untraced(load).nsACall();
                } else {
                    PacedTarget.Measured measured = target.traced(load, setting.options(policy(arm), LARGE, false));
                    ns = measured.paced().nsACall();
                    if (arm == Arm.SILENT) {
                        rates.add(measured.paced().rate());
                    }
                    if (arm == Arm.EACH) {
                        back.add((double) measured.use().latencyNs().getValueAtPercentile(P50));
                    }
                }
                of(nsACall, arm).add(ns);
            }
        }
        double untraced = median(of(nsACall, Arm.UNTRACED));
        return new Wakeups(
                median(rates),
                median(of(nsACall, Arm.SILENT)) - untraced,
                median(of(nsACall, Arm.EACH)) - untraced,
                median(of(nsACall, Arm.CAUGHT_UP)) - untraced,
                median(back));
    }

    private static List<Double> of(Map<Arm, List<Double>> all, Arm arm) {
        return Objects.requireNonNull(all.get(arm));
    }

    private static double median(List<Double> values) {
        return Quantiles.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
