package dev.tracetoll.compare;

import dev.tracetoll.compare.Change.Figure;
import dev.tracetoll.compare.Change.Unit;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Site;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Compares arms of two runs by one of their figures: the part of {@link RunComparison} that knows no other. */
final class FigureComparison {

    /**
     * A floor is the kernel's price, not ours, and there is nothing beside it that would slow down in step with it. What can go wrong on
     * our side is the choice of the probe site, and a worse one costs half as much again at least: 243 ns optimised, 563 ns emulated and
     * 18 900 ns stepped on one virtual machine, 335, 690 and 7 000 ns on another.
     */
    private static final double TOLERANCE_OF_FLOORS = 0.5;

    private final Figure figure;
    private final Estimates estimates;
    private final double tolerance;

    /**
     * @param figure which burst of each arm stands for all
     * @param estimates of the arms that are compared
     * @param tolerance a change by less than this share does not matter
     */
    FigureComparison(Figure figure, Estimates estimates, double tolerance) {
        this.figure = figure;
        this.estimates = estimates;
        this.tolerance = tolerance;
    }

    Change change(MeasuredArm before, MeasuredArm after, Unit unit) {
        ToDoubleFunction<double[]> overhead =
                unit == Unit.FLOORS ? FigureComparison::inFloors : FigureComparison::inCalls;
        Interval old = estimate(unit.name(), before.arms(), overhead);
        Interval now = estimate(unit.name(), after.arms(), overhead);
        Interval ratio = estimates.of(
                figure,
                "ratio",
                List.of(before.arms(), after.arms()),
                bursts -> quotient(overhead.applyAsDouble(bursts[1]), overhead.applyAsDouble(bursts[0])));
        double noise = Math.max(noise(before), noise(after));
        double allowed = TechniqueRegistry.ALL.isFloor(after.arm().technique())
                ? Math.max(tolerance, TOLERANCE_OF_FLOORS)
                : tolerance;
        Optional<String> flaw = flaw(before, "baseline", old).or(() -> flaw(after, "candidate", now));
        Verdict verdict = flaw.isPresent() ? Verdict.INCONCLUSIVE : Verdict.of(ratio, noise, allowed);
        Optional<String> why = flaw.or(() ->
                verdict == Verdict.INCONCLUSIVE ? Optional.of(uncertain(ratio, noise, allowed)) : sites(before, after));
        return new Change(
                after.arm().workload(),
                after.arm().name(),
                after.arm().technique(),
                figure,
                unit,
                overheadNs(before),
                overheadNs(after),
                old,
                now,
                ratio,
                noise,
                allowed,
                verdict,
                why);
    }

    private static String uncertain(Interval ratio, double noise, double tolerance) {
        return noise >= tolerance
                ? String.format(
                        Locale.ROOT,
                        "two identical arms differ by up to %.1f %%, which is not below the tolerance of %.3g %%; measure longer or on a quieter machine",
                        100 * noise,
                        100 * tolerance)
                : String.format(
                        Locale.ROOT,
                        "the interval of the ratio, %.3f to %.3f, holds 1 plus the tolerance of %.3g %%; measure longer or on a quieter machine",
                        ratio.low(),
                        ratio.high(),
                        100 * tolerance);
    }

    private static Optional<String> flaw(MeasuredArm measured, String which, Interval overhead) {
        List<Arm> used = new ArrayList<>(List.of(measured.untraced(), measured.arm()));
        used.addAll(measured.floor());
        Optional<Arm> lossy = used.stream().filter(arm -> arm.lost() > 0).findFirst();
        if (lossy.isPresent()) {
            return Optional.of(
                    "the " + which + "'s arm \"" + lossy.get().name() + "\" lost "
                            + lossy.get().lost() + " of " + lossy.get().expected()
                            + " events, so its time is that of an incomplete trace; use a larger ring buffer or smaller bursts");
        }
        if (measured.rounds() < RunComparison.FEWEST_ROUNDS) {
            return Optional.of("the " + which + " has " + measured.rounds() + " rounds; use "
                    + RunComparison.FEWEST_ROUNDS + " at least");
        }
        return overhead.low() > 0
                ? Optional.empty()
                : Optional.of(
                        "the " + which + "'s overhead is not above its noise; measure longer or on a quieter machine");
    }

    private static Optional<String> sites(MeasuredArm before, MeasuredArm after) {
        List<Site> old = before.arm().sites();
        List<Site> now = after.arm().sites();
        return old.isEmpty() || now.isEmpty() || old.equals(now)
                ? Optional.empty()
                : Optional.of("the probe sites were " + inWords(old) + " and are " + inWords(now));
    }

    private static String inWords(List<Site> sites) {
        return String.join(
                ", ",
                sites.stream()
                        .map(site -> site.instruction() + " (" + site.siteClass() + ")")
                        .toList());
    }

    private Interval overheadNs(MeasuredArm measured) {
        Arm arm = measured.arm();
        return estimate("overhead", List.of(arm, measured.untraced()), bursts -> bursts[0] - bursts[1])
                .dividedBy(arm.calls());
    }

    /** The bounds of what the pairs differ by, the untraced one's as a share of the overhead. */
    private double noise(MeasuredArm measured) {
        return measured.pairs().stream()
                .map(pair -> pair.first().untraced()
                        ? estimate(
                                "untraced pair",
                                List.of(measured.untraced(), measured.arm(), pair.again()),
                                bursts -> quotient(bursts[2] - bursts[0], bursts[1] - bursts[0]))
                        : estimate(
                                "traced pair",
                                List.of(measured.untraced(), pair.first(), pair.again()),
                                bursts -> quotient(bursts[2] - bursts[0], bursts[1] - bursts[0]) - 1))
                .map(effect -> Math.max(Math.abs(effect.low()), Math.abs(effect.high())))
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }

    private Interval estimate(String what, List<Arm> arms, ToDoubleFunction<double[]> ofBursts) {
        return estimates.of(figure, what, List.of(arms), bursts -> ofBursts.applyAsDouble(bursts[0]));
    }

    private static double inFloors(double[] bursts) {
        double floor = 0;
        for (int i = 2; i < bursts.length; i++) {
            floor += bursts[i] - bursts[0];
        }
        return quotient(bursts[1] - bursts[0], floor);
    }

    private static double inCalls(double[] bursts) {
        return quotient(bursts[1] - bursts[0], bursts[0]);
    }

    /** Where the divisor drowns in noise, the quotient may be anything; a figure that is finite keeps the interval as wide as it then is. */
    private static double quotient(double dividend, double divisor) {
        return divisor == 0 ? Math.signum(dividend) * Double.MAX_VALUE : dividend / divisor;
    }
}
