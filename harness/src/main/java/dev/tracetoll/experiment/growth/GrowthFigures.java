package dev.tracetoll.experiment.growth;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.stats.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What table, chart and page say about growth.
 *
 * @param run where it comes from
 * @param series one for each technique on each axis
 */
record GrowthFigures(Run run, List<Series> series) {

    /**
     * A measured point.
     *
     * @param value where on the axis
     * @param arm what was measured
     * @param costNs overhead per call, in ns of one thread
     */
    record Point(double value, Arm arm, Interval costNs) {

        Optional<String> flaw() {
            return Flaw.of(arm);
        }
    }

    /**
     * A technique along an axis.
     *
     * @param axis what grows
     * @param technique what traces
     * @param points in the order of the axis
     * @param fixedNs the intercept of the line through the points; empty with fewer than three, or with a flawed one
     * @param growingNs its slope
     */
    record Series(
            GrowthAxis axis,
            String technique,
            List<Point> points,
            Optional<Interval> fixedNs,
            Optional<Interval> growingNs) {}

    /** Of every series that the run has. */
    public static GrowthFigures of(Run run) {
        List<Series> series = new ArrayList<>();
        for (GrowthAxis axis : GrowthAxis.values()) {
            List<String> techniques = run.arms().stream()
                    .map(Arm::technique)
                    .filter(name -> !name.equals(Arm.UNTRACED))
                    .distinct()
                    .toList();
            for (String technique : techniques) {
                List<Point> points = run.arms().stream()
                        .filter(arm -> arm.technique().equals(technique) && belongs(arm, axis))
                        .map(arm -> point(run, axis, arm))
                        .flatMap(Optional::stream)
                        .sorted(Comparator.comparing(Point::value))
                        .toList();
                if (!points.isEmpty()) {
                    boolean fits = points.size() > 2
                            && points.stream().allMatch(point -> point.flaw().isEmpty());
                    series.add(new Series(
                            axis,
                            technique,
                            points,
                            fits ? Optional.of(fit(run, axis, points, true)) : Optional.empty(),
                            fits ? Optional.of(fit(run, axis, points, false)) : Optional.empty()));
                }
            }
        }
        return new GrowthFigures(run, series);
    }

    private static boolean belongs(Arm arm, GrowthAxis axis) {
        return GrowthAxis.of(arm).filter(axis::equals).isPresent();
    }

    private static Optional<Point> point(Run run, GrowthAxis axis, Arm arm) {
        return run.comparison(arm.workload(), arm.name(), Arm.UNTRACED)
                .map(Comparison::overheadPerCallNs)
                .map(cost -> new Point(
                        axis.at(arm),
                        arm,
                        cost.dividedBy(1.0
                                / axis.parallel(axis.at(arm), run.environment().cpus()))));
    }

    private static Interval fit(Run run, GrowthAxis axis, List<Point> points, boolean intercept) {
        List<Bursts> samples = new ArrayList<>();
        for (Point point : points) {
            samples.add(point.arm().bursts());
            samples.add(run.arms(point.arm().workload()).stream()
                    .filter(Arm::untraced)
                    .findFirst()
                    .orElseThrow()
                    .bursts());
        }
        double[] x = points.stream()
                .mapToDouble(point -> axis.regressor(point.value()))
                .toArray();
        return new HierarchicalBootstrap(run.seed()).estimate(samples, medians -> {
            double[] y = new double[x.length];
            for (int i = 0; i < y.length; i++) {
                Point point = points.get(i);
                y[i] = (medians[2 * i] - medians[2 * i + 1])
                        / point.arm().calls()
                        * axis.parallel(point.value(), run.environment().cpus());
            }
            Line line = Line.through(x, y);
            return intercept ? line.intercept() : line.slope();
        });
    }

    /** The axes that there are points on. */
    List<GrowthAxis> axes() {
        return Arrays.stream(GrowthAxis.values())
                .filter(axis -> series.stream().anyMatch(each -> each.axis() == axis))
                .toList();
    }

    List<Series> on(GrowthAxis axis) {
        return series.stream().filter(each -> each.axis() == axis).toList();
    }

    /** What it is, in a line. */
    public String title() {
        return "How the cost of tracing a call grows";
    }

    /** The environment in a line. */
    public String environment() {
        return EnvironmentLine.of(run.environment());
    }

    /** How the figures came about, in a line. */
    public String method() {
        int rounds = run.arms().get(0).bursts().rounds();
        return "overhead per call, in time of one thread; medians of " + rounds
                + (rounds == 1 ? " round" : " interleaved rounds") + ", 95 % intervals; lines by least squares";
    }
}
