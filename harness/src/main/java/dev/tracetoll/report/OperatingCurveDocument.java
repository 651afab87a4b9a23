package dev.tracetoll.report;

import dev.tracetoll.results.GateTrial.Point;
import dev.tracetoll.results.Verdict;
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
        lines.add("the base as its baseline and the next window of another arm as its candidate, and is decided by the code of the gate itself.");
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
        lines.add("");
        lines.add(curve.when());
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    static String name(OperatingCurve curve) {
        return curve.trial().underLoad() ? "gate-under-load" : "gate";
    }
}
