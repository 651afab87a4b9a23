package dev.tracetoll.experiment.gate;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.report.HumanUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A trial of the gate as a part of the documentation, in Markdown. */
final class OperatingCurveDocument {

    private final OperatingCurve curve;

    OperatingCurveDocument(OperatingCurve curve) {
        this.curve = curve;
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# " + curve.title());
        lines.add("");
        lines.add("This page is made by `" + String.join(" ", curve.trial().command()) + "`: " + curve.method() + ".");
        lines.add("It was measured on " + curve.environment() + ".");
        lines.add("");
        lines.add("<picture>");
        lines.add("  <source media=\"(prefers-color-scheme: dark)\" srcset=\"" + name(curve) + "-dark.png\">");
        lines.add("  <img alt=\"" + curve.title() + ": share of comparisons by size of the slowdown\" src=\"" + name(curve) + ".png\">");
        lines.add("</picture>");
        lines.add("");
        lines.add("One long recording holds, interleaved, the same technique twice and with slowdowns of known sizes: multiplications in vain in the");
        lines.add("BPF program, or further steps of work in the traced function. Its rounds are cut into windows. Each comparison has one window of");
        lines.add("the base as its baseline and the next window of another arm as its candidate, or once all windows have served so the second");
        lines.add("and then the third next, and is decided by the code of the gate itself.");
        lines.add("");
        lines.add("| slowdown | in truth | 95 % | dearer | 95 % | inconclusive | fine | cheaper |");
        lines.add("| --- | ---: | --- | ---: | --- | ---: | ---: | ---: |");
        for (Point point : curve.trial().points()) {
            lines.add("| " + OperatingCurve.name(point) + " | " + OperatingCurve.measured(point) + " | " + OperatingCurve.measuredRange(point)
                    + " | " + point.dearer() + " | " + OperatingCurve.percentRange(OperatingCurve.share(point, Verdict.DEARER))
                    + " | " + point.inconclusive() + " | " + point.fine() + " | " + point.cheaper() + " |");
        }
        lines.add("");
        lines.add(curve.failure().map(failure -> "**The gate failed: " + failure + ".**").orElseGet(curve::success));
        longer(lines);
        lines.add("");
        lines.add(curve.when());
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void longer(List<String> lines) {
        if (curve.trial().longer().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("## What a longer budget adds");
        lines.add("");
        lines.add("More rounds make the intervals narrower: fewer comparisons are inconclusive, and smaller slowdowns are found. Drawn from the");
        lines.add("same recording; the longer the windows, the fewer comparisons it holds.");
        lines.add("");
        lines.add("| rounds | about | comparisons | none: dearer | inconclusive | 5 %: dearer | inconclusive | fine | 10 %: dearer | inconclusive |");
        lines.add("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        lines.add(line(curve.trial().roundsEach(), curve.trial().points()));
        curve.trial().longer().forEach(longer -> lines.add(line(longer.roundsEach(), longer.points())));
    }

    private String line(int roundsEach, List<Point> points) {
        double seconds = curve.trial().secondsEach() * roundsEach / curve.trial().roundsEach();
        return "| " + roundsEach + " | " + HumanUnits.duration(seconds * 1e9) + " | " + points.get(0).comparisons() + " | "
                + share(points, 0, Verdict.DEARER) + " | " + share(points, 0, Verdict.INCONCLUSIVE) + " | "
                + share(points, 5, Verdict.DEARER) + " | " + share(points, 5, Verdict.INCONCLUSIVE) + " | " + share(points, 5, Verdict.FINE) + " | "
                + share(points, 10, Verdict.DEARER) + " | " + share(points, 10, Verdict.INCONCLUSIVE) + " |";
    }

    /** Of the slowdowns of a size, in both places; 0 is none at all. */
    private static String share(List<Point> points, int percent, Verdict verdict) {
        List<Point> of = points.stream().filter(point -> point.made().map(Slowdown::percent).orElse(0) == percent).toList();
        int all = of.stream().mapToInt(Point::comparisons).sum();
        return Math.round(100.0 * of.stream().mapToInt(point -> point.count(verdict)).sum() / all) + " %";
    }

    static String name(OperatingCurve curve) {
        return curve.trial().underLoad() ? "gate-under-load" : "gate";
    }
}
