package dev.tracetoll.experiment.gate;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.stats.Proportion;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What people look at of a trial of the gate: how often it finds a slowdown of which size. */
record OperatingCurve(GateTrial trial) {

    /** The slowdowns of one place, no slowdown before them. */
    record Series(Slowdown.Place place, List<Point> points) {}

    String title() {
        return "What the gate finds" + (trial.underLoad() ? ", under load" : "");
    }

    String method() {
        Point none = none();
        return String.format(
                Locale.ROOT,
                "%d comparisons of each slowdown, between two runs of %d rounds, as a gate measures in about %.0f s here; "
                        + "%s on target text; tolerance %s %%; intervals hold 95 %%%s",
                none.comparisons(),
                trial.roundsEach(),
                trial.secondsEach(),
                trial.technique(),
                tolerancePercent(),
                trial.underLoad() ? "; in each second window of rounds another process kept one core busy" : "");
    }

    private String tolerancePercent() {
        return BigDecimal.valueOf(100 * trial.tolerance())
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** What the gate did as it must, in words. */
    String success() {
        return "The gate found a slowdown in " + none().dearer() + " of " + none().comparisons()
                + " comparisons of the same with itself, and called "
                + "nothing fine that was above twice the tolerance of " + tolerancePercent() + " %.";
    }

    String environment() {
        return EnvironmentLine.of(trial.environment());
    }

    String when() {
        return "Measured " + trial.started().atOffset(ZoneOffset.UTC).toLocalDate() + " with seed " + trial.seed()
                + ".";
    }

    /** The same compared with itself. */
    Point none() {
        return trial.points().stream()
                .filter(point -> point.made().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    List<Series> series() {
        return Stream.of(Slowdown.Place.values())
                .map(place -> new Series(
                        place, Stream.concat(Stream.of(none()), of(place)).toList()))
                .filter(series -> series.points().size() > 1)
                .toList();
    }

    private Stream<Point> of(Slowdown.Place place) {
        return trial.points().stream()
                .filter(point -> point.made()
                        .filter(slowdown -> slowdown.place() == place)
                        .isPresent());
    }

    static String name(Point point) {
        return point.made()
                .map(slowdown -> slowdown.percent() + " % " + slowdown.place().inWords())
                .orElse("none");
    }

    /** The share of comparisons that came to a verdict, with the interval that so many comparisons allow. */
    static Interval share(Point point, Verdict verdict) {
        return Proportion.of(point.count(verdict), point.comparisons());
    }

    /** What the slowdown was in truth, as {@code +9.8 %}. */
    static String measured(Point point) {
        return signed(point.measured().median()) + " %";
    }

    static String measuredRange(Point point) {
        return signed(point.measured().low()) + " to " + signed(point.measured().high());
    }

    /** What a ratio adds, in per cent, with a sign. */
    private static String signed(double ratio) {
        return String.format(Locale.ROOT, "%+.1f", 100 * (ratio - 1)).replace('-', '−');
    }

    static String percentRange(Interval share) {
        return String.format(Locale.ROOT, "%.0f–%.0f %%", 100 * share.low(), 100 * share.high());
    }

    /** What is wrong with the gate; empty if nothing is. */
    Optional<String> failure() {
        int wolf = none().dearer();
        if (wolf > Math.max(1, none().comparisons() / 100)) {
            return Optional.of("the gate cried wolf in " + wolf + " of " + none().comparisons()
                    + " comparisons of the same with itself");
        }
        return trial.points().stream()
                .filter(point ->
                        point.measured().low() > 1 + 2 * trial.tolerance() && point.fine() + point.cheaper() > 0)
                .findFirst()
                .map(point -> "the gate called a slowdown of " + name(point) + " fine in "
                        + (point.fine() + point.cheaper()) + " of " + point.comparisons() + " comparisons");
    }
}
