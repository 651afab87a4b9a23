package dev.tracetoll.experiment.program;

import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Metric;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The figures of runs of somebody's own program: of each arm how long it took, and what else was measured, against the arm that is not traced. */
final class ProgramFigures {

    /** To this power of ten figures are made whole numbers: medians of 15 digits are as exact as a double is. */
    private static final int DIGITS = 15;

    private final Run run;
    private final HierarchicalBootstrap bootstrap;
    private final Arm untraced;

    ProgramFigures(Run run) {
        this.run = run;
        this.bootstrap = new HierarchicalBootstrap(run.seed());
        this.untraced = run.arms().stream().filter(Arm::untraced).findFirst().orElseThrow();
    }

    Run run() {
        return run;
    }

    Arm untraced() {
        return untraced;
    }

    /** All arms, the untraced one first. */
    List<Arm> arms() {
        return run.arms();
    }

    /** How long a run takes, in ns. */
    Interval timeNs(Arm arm) {
        return bootstrap.median(arm.bursts());
    }

    /** The same as a multiple of that without tracing; empty of that itself. */
    Optional<Interval> timeRatio(Arm arm) {
        return isReference(arm) ? Optional.empty() : Optional.of(bootstrap.ratio(arm.bursts(), untraced.bursts()));
    }

    private boolean isReference(Arm arm) {
        return arm.name().equals(untraced.name());
    }

    /** The same as a multiple of that without tracing, as it was foretold; empty where it was not. */
    Optional<Interval> foretoldTimeRatio(Arm arm) {
        return metric(arm, ProgramMeasurement.FORETOLD)
                .map(left -> new Interval(1 / left.median(), 1 / left.high(), 1 / left.low()));
    }

    /** The same of a metric: of throughput alone, since how long an answer takes also depends on who waits for it. */
    Optional<Interval> foretoldRatio(Arm arm, String name) {
        return arm.metric(name).filter(Metric::higherIsBetter).flatMap(any -> metric(arm, ProgramMeasurement.FORETOLD));
    }

    /** What was printed in figures, in the order in which it first was: all but what is measured, or foretold, of each program. */
    List<String> printed() {
        return printed(run.arms());
    }

    /** The same of arms of which no run is made yet. */
    static List<String> printed(List<Arm> arms) {
        Set<String> names = new LinkedHashSet<>();
        arms.forEach(arm -> arm.metrics().forEach(metric -> names.add(metric.name())));
        names.remove(ProgramMeasurement.CPU);
        names.remove(ProgramMeasurement.MEMORY);
        names.remove(ProgramMeasurement.FORETOLD);
        return List.copyOf(names);
    }

    /** The median of a metric; empty if the arm has none of that name. */
    Optional<Interval> metric(Arm arm, String name) {
        return arm.metric(name).map(metric -> {
            double scale = scale(List.of(metric));
            return bootstrap.median(whole(metric, scale)).dividedBy(scale);
        });
    }

    /** The same as a multiple of that without tracing; empty of that itself, and where that is not above zero. */
    Optional<Interval> metricRatio(Arm arm, String name) {
        Optional<Metric> against = untraced.metric(name);
        if (isReference(arm) || against.isEmpty() || arm.metric(name).isEmpty()) {
            return Optional.empty();
        }
        List<Metric> both = List.of(arm.metric(name).get(), against.get());
        double scale = scale(both);
        Bursts reference = whole(both.get(1), scale);
        return reference.all().anyMatch(value -> value <= 0)
                ? Optional.empty()
                : Optional.of(bootstrap.ratio(whole(both.get(0), scale), reference));
    }

    /** What makes the largest of the values one with so many digits before its point. */
    private static double scale(List<Metric> metrics) {
        double largest = metrics.stream()
                .flatMap(metric -> metric.rounds().stream())
                .flatMap(List::stream)
                .mapToDouble(Math::abs)
                .max()
                .orElse(0);
        return largest == 0 ? 1 : Math.pow(10, DIGITS - Math.ceil(Math.log10(largest)));
    }

    private static Bursts whole(Metric metric, double scale) {
        return Bursts.of(metric.rounds().stream()
                .map(round ->
                        round.stream().map(value -> Math.round(value * scale)).toList())
                .toList());
    }

    /** A value of a metric, with its unit. */
    static String inWords(Metric metric, double value) {
        return switch (metric.unit()) {
            case Metric.NANOSECONDS -> HumanUnits.duration(value);
            case Metric.BYTES -> HumanUnits.bytes(Math.round(value));
            case Metric.PLAIN -> HumanUnits.number(value);
            default -> HumanUnits.number(value) + " " + metric.unit();
        };
    }

    /** The interval of a metric; with its unit where that depends on the size. */
    static String rangeInWords(Metric metric, Interval value) {
        return switch (metric.unit()) {
            case Metric.NANOSECONDS -> HumanUnits.durationRange(value);
            case Metric.BYTES -> inWords(metric, value.low()) + "–" + inWords(metric, value.high());
            default -> HumanUnits.number(value.low()) + "–" + HumanUnits.number(value.high());
        };
    }
}
