package dev.tracetoll.experiment.program;

import dev.tracetoll.bench.program.ProgramMeasurement;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Signatures;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Metric;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs of somebody's own program come to, in words. */
final class ProgramWords {

    private final ProgramFigures figures;

    ProgramWords(ProgramFigures figures) {
        this.figures = figures;
    }

    /** The finding: what becomes of the first figure that is printed or, if none is, of the time that a run takes. */
    String finding() {
        Arm untraced = figures.untraced();
        List<String> parts = new ArrayList<>();
        for (Arm arm : figures.arms()) {
            if (!arm.untraced() && !arm.technique().equals(ProgramMeasurement.COUNTING.name())) {
                mainRatio(arm)
                        .filter(ratio -> Flaw.of(arm).isEmpty())
                        .ifPresent(ratio ->
                                parts.add(amount(ratio) + (parts.isEmpty() ? share() : "") + " under " + arm.name()));
            }
        }
        String what = "Watching " + watched() + ", " + calls() + " a run, ";
        if (parts.isEmpty()) {
            return what
                    + "has no price that is known: under every technique events were lost, or counts do not add up.";
        }
        return what
                + main().map(metric -> metric.higherIsBetter()
                                ? "leaves " + untraced.target() + " "
                                : "multiplies " + metric.name() + " of " + untraced.target() + " by ")
                        .orElse("multiplies the time of " + untraced.target() + " by ")
                + Sentence.enumeration(parts) + ".";
    }

    /** Of what something is left. */
    private String share() {
        return main().filter(Metric::higherIsBetter)
                .map(metric -> " of its " + metric.name())
                .orElse("");
    }

    private String watched() {
        int functions =
                figures.arms().stream().mapToInt(Arm::probedFunctions).max().orElse(0);
        return functions > 1 ? functions + " functions" : figures.untraced().function();
    }

    private String calls() {
        int calls = figures.untraced().calls();
        return HumanUnits.count(calls) + (calls == 1 ? " call" : " calls");
    }

    /** What the functions are of. */
    String traced() {
        return "functions of " + figures.untraced().target() + ", built by " + Signatures.builtBy(figures.arms()) + ", "
                + calls() + " a run";
    }

    /** What there is more of for the better is told in per cent, of which something is left; what there is less of, as a factor. */
    private String amount(Interval ratio) {
        return main().filter(Metric::higherIsBetter).isPresent()
                ? HumanUnits.surePercent(ratio)
                : HumanUnits.sureTimes(ratio);
    }

    /** The figure that people look at first; empty if that is the time of a run. */
    Optional<Metric> main() {
        return figures.printed().stream()
                .findFirst()
                .flatMap(name -> figures.untraced().metric(name));
    }

    /** What the main figure is, as a multiple of that without tracing. */
    Optional<Interval> mainRatio(Arm arm) {
        return main().isPresent() ? figures.metricRatio(arm, main().get().name()) : figures.timeRatio(arm);
    }

    /** How it was measured. */
    String method() {
        Arm untraced = figures.untraced();
        int rounds = untraced.bursts().rounds();
        return rounds + (rounds == 1 ? " round" : " rounds")
                + ", in each one run under each technique in random order · " + "medians with 95 % intervals · "
                + untraced.goVersion();
    }
}
