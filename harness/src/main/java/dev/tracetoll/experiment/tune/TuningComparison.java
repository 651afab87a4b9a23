package dev.tracetoll.experiment.tune;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.Table;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What has become of each policy from one tuning to another: what it needs, and what it adds to a call. The machine may have become slower as a
 * whole, so what is added is compared in untraced calls of the same run.
 */
final class TuningComparison {

    private static final double UNITS_PER_NS = 1_000;

    /**
     * A policy, before and after.
     *
     * @param ratio what it adds to a call afterwards, in untraced calls, divided by the same before
     */
    private record Line(Tuning.Tried before, Tuning.Tried after, Interval ratio, Verdict verdict) {}

    private final Tuning before;
    private final Tuning after;
    private final double tolerance;
    private final List<Line> lines;

    /**
     * @param tolerance a change by less than this share does not matter
     * @throws BadInput if they are not of the same setting and machine, or have no policy in common
     */
    TuningComparison(Tuning before, Tuning after, double tolerance) {
        this.before = before;
        this.after = after;
        this.tolerance = tolerance;
        requireComparable();
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(after.seed());
        lines = before.tried().stream()
                .flatMap(old -> after.tried().stream()
                        .filter(now -> now.policy().equals(old.policy()))
                        .map(now -> line(old, now, bootstrap)))
                .toList();
        if (lines.isEmpty()) {
            throw new BadInput(
                    "The tunings have no policy in common, so there is nothing to compare; measure one with the --policy of the other");
        }
    }

    /** Earlier versions wrote them between thousands. */
    private static String withPlainSpaces(String setting) {
        return setting.replace('\u202f', ' ');
    }

    private void requireComparable() {
        if (!withPlainSpaces(before.setting()).equals(withPlainSpaces(after.setting()))) {
            throw new BadInput("The tunings are of different settings, \"" + before.setting() + "\" and \""
                    + after.setting() + "\", so they cannot be compared; measure the same one again");
        }
        if (!before.environment().differences(after.environment()).isEmpty()) {
            throw new BadInput("The tunings were measured in different environments, "
                    + EnvironmentLine.of(before.environment()) + " and " + EnvironmentLine.of(after.environment())
                    + ", so what they differ by says nothing; measure both on one machine");
        }
    }

    private Line line(Tuning.Tried old, Tuning.Tried now, HierarchicalBootstrap bootstrap) {
        Interval ratio = bootstrap.estimateOfRuns(
                List.of(samples(before, old), samples(after, now)),
                medians -> quotient(inCalls(medians[1]), inCalls(medians[0])));
        return new Line(old, now, ratio, verdict(old, now, ratio));
    }

    private static List<Bursts> samples(Tuning tuning, Tuning.Tried tried) {
        return List.of(rounds(tuning.untracedRoundsNs()), rounds(tried.roundsNs()));
    }

    private static Bursts rounds(List<Double> ns) {
        return Bursts.of(ns.stream()
                .map(each -> List.of(Math.round(each * UNITS_PER_NS)))
                .toList());
    }

    private static double inCalls(double... medians) {
        return quotient(medians[1] - medians[0], medians[0]);
    }

    private static double quotient(double dividend, double divisor) {
        return divisor == 0 ? Math.signum(dividend) * Double.MAX_VALUE : dividend / divisor;
    }

    private Verdict verdict(Tuning.Tried old, Tuning.Tried now, Interval ratio) {
        if (old.lost() > 0 || now.lost() > 0) {
            return Verdict.INCONCLUSIVE;
        }
        return Verdict.of(ratio, 0, tolerance);
    }

    /** That of all: the gravest. */
    Verdict verdict() {
        return Verdict.of(lines.stream().map(Line::verdict).toList());
    }

    private Table<Line> table() {
        return new Table<>(
                lines,
                List.of(
                        List.of(
                                Column.name("policy", line -> Cell.of(line.before.policy())),
                                Column.number("needed", line -> needs(line.before)),
                                Column.number("needs", line -> needs(line.after))),
                        List.of(
                                added("added to a call", true),
                                added("adds now", false),
                                Column.<Line>number(
                                                "ratio",
                                                line -> Cell.of(
                                                        HumanUnits.ratio(line.ratio.median()),
                                                        HumanUnits.ratioRange(line.ratio)))
                                        .withIntervals(),
                                Column.<Line>text("verdict", line -> Cell.of(line.verdict.inWords()))
                                        .marked(line -> line.verdict == Verdict.DEARER))));
    }

    private static Cell needs(Tuning.Tried tried) {
        return tried.predicted().map(bytes -> Cell.of(ByteSize.inWords(bytes))).orElse(Cell.flaw("none is enough"));
    }

    private static Column<Line> added(String title, boolean old) {
        return Column.number(
                title,
                line -> Cell.of(HumanUnits.duration(Math.max(
                        0, (old ? line.before : line.after).overheadNs().median()))));
    }

    private String method() {
        return String.format(
                Locale.ROOT,
                "What is added is compared in untraced calls of the same run; 95 %% intervals; tolerance %.3g %%.",
                100 * tolerance);
    }

    private Optional<String> remark() {
        List<String> lossy = lines.stream()
                .filter(line -> line.before.lost() + line.after.lost() > 0)
                .map(line -> line.before.policy())
                .toList();
        return lossy.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", lossy)
                        + " lost records, so what they cost is that of an incomplete trace; use a larger --safety");
    }

    String text(Screen screen) {
        List<String> out = new ArrayList<>();
        out.add(screen.style().bold("Two tunings of " + after.setting()));
        out.addAll(screen.wrapped(EnvironmentLine.of(after.environment()), ""));
        out.addAll(screen.wrapped(method(), ""));
        out.add("");
        out.addAll(new TerminalTable<>(table(), screen).lines());
        out.add("");
        remark().ifPresent(words -> out.addAll(screen.wrapped(words, "")));
        out.add(verdict().inWords());
        return Lines.joined(out);
    }

    String markdown() {
        List<String> out = new ArrayList<>(List.of(
                "# Two tunings of " + after.setting(),
                "",
                EnvironmentLine.of(after.environment()) + ". " + method(),
                ""));
        out.addAll(MarkdownTable.lines(table()));
        remark().ifPresent(words -> out.addAll(List.of("", words)));
        out.addAll(List.of("", "**" + verdict().inWords() + "**"));
        return Lines.joined(out);
    }
}
