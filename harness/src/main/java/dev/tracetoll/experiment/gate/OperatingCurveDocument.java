package dev.tracetoll.experiment.gate;

import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.experiment.gate.OperatingCurveColumns.Budget;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import java.util.ArrayList;
import java.util.List;

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
        lines.add("  <img alt=\"" + curve.title() + ": share of comparisons by size of the slowdown\" src=\""
                + name(curve) + ".png\">");
        lines.add("</picture>");
        lines.add("");
        lines.add(
                "One long recording holds, interleaved, the same technique twice and with slowdowns of known sizes: multiplications in vain in the");
        lines.add(
                "BPF program, or further steps of work in the traced function. Its rounds are cut into windows. Each comparison has one window of");
        lines.add(
                "the base as its baseline and the next window of another arm as its candidate, or once all windows have served so the second");
        lines.add("and then the third next, and is decided by the code of the gate itself.");
        lines.add("");
        lines.addAll(
                MarkdownTable.lines(OperatingCurveColumns.table(curve.trial().points())));
        lines.add("");
        lines.add(curve.failure()
                .map(failure -> "**The gate failed: " + failure + ".**")
                .orElseGet(curve::success));
        longer(lines);
        lines.add("");
        lines.add(curve.when());
        return Lines.joined(lines);
    }

    private void longer(List<String> lines) {
        if (curve.trial().longer().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("## What a longer budget adds");
        lines.add("");
        lines.add(
                "More rounds make the intervals narrower: fewer comparisons are inconclusive, and smaller slowdowns are found. Drawn from the");
        lines.add("same recording; the longer the windows, the fewer comparisons it holds.");
        lines.add("");
        List<Budget> budgets = new ArrayList<>(
                List.of(budget(curve.trial().roundsEach(), curve.trial().points())));
        curve.trial().longer().forEach(longer -> budgets.add(budget(longer.roundsEach(), longer.points())));
        lines.addAll(MarkdownTable.lines(OperatingCurveColumns.budgets(budgets)));
    }

    private Budget budget(int roundsEach, List<Point> points) {
        return new Budget(
                roundsEach,
                curve.trial().secondsEach() * roundsEach / curve.trial().roundsEach(),
                points);
    }

    static String name(OperatingCurve curve) {
        return curve.trial().underLoad() ? "gate-under-load" : "gate";
    }
}
