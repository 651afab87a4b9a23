package dev.tracetoll.report;

import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Change.Figure;
import dev.tracetoll.compare.Change.Unit;
import dev.tracetoll.compare.RunChange;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.environment.EnvironmentDifference;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What table and summary say about two runs that were compared.
 *
 * @param baseline the older one
 * @param candidate the newer one
 * @param change what has changed
 */
public record Changes(Run baseline, Run candidate, RunChange change) {

    private static final double PERCENT = 100;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What is compared, in a line. */
    String title() {
        return "What tracing costs, old and new" + (change.across() ? ", in two environments" : "");
    }

    /** Which runs, and where they were measured, in a line each. */
    List<String> runs() {
        return change.across()
                ? List.of(
                        "old: " + inWords(baseline) + " · " + EnvironmentLine.of(baseline.environment()),
                        "new: " + inWords(candidate) + " · " + EnvironmentLine.of(candidate.environment()))
                : List.of(
                        "old: " + inWords(baseline),
                        "new: " + inWords(candidate),
                        EnvironmentLine.of(candidate.environment()));
    }

    private static String inWords(Run run) {
        return TIME.format(run.started()) + " UTC · commit " + run.tracetoll().commit();
    }

    /** How to read the figures, in a line. */
    String method() {
        Set<Unit> units = change.changes().stream().map(Change::unit).collect(Collectors.toSet());
        String calls = units.contains(Unit.CALLS) ? "of an untraced call" : "";
        String floors = units.contains(Unit.FLOORS)
                ? "of the floor of the same run, the least that the mechanism costs on the same probe sites"
                : "";
        return "overhead of a call as a multiple " + floors + (units.size() > 1 ? ", or, for what has none, " : "")
                + calls + "; 95 % intervals; "
                + String.format(
                        Locale.ROOT,
                        "a quick burst takes longer than %.0f %% of all, the median burst than half",
                        PERCENT * Figure.QUICK.quantile());
    }

    /** Why only floors are compared, in a line; empty within one environment. */
    Optional<String> differences() {
        List<EnvironmentDifference> differences = baseline.environment().differences(candidate.environment());
        return change.across() && !differences.isEmpty()
                ? Optional.of("they differ in "
                        + differences.stream()
                                .map(EnvironmentDifference::inWords)
                                .collect(Collectors.joining("; ")))
                : Optional.empty();
    }

    /** The changes by workload, in their order. */
    Map<Workload, List<Change>> byWorkload() {
        return change.changes().stream()
                .collect(Collectors.groupingBy(Change::workload, LinkedHashMap::new, Collectors.toList()));
    }

    /** What is to be known of single arms, in a line each. */
    List<String> notes() {
        boolean several = byWorkload().size() > 1;
        return change.changes().stream()
                .flatMap(of -> of.why().stream()
                        .map(why -> of.arm() + (several ? " on " + WorkloadWords.of(of.workload()) : "") + ": " + why))
                .toList();
    }

    /** What it comes to, in a line. */
    String verdict() {
        Verdict verdict = change.verdict();
        String words = verdict.inWords() + ": ";
        return words
                + switch (verdict) {
                    case FINE -> "nothing has become dearer by more than the tolerance" + besides(Verdict.CHEAPER);
                    case CHEAPER -> named(Verdict.CHEAPER);
                    case DEARER -> named(Verdict.DEARER) + besides(Verdict.INCONCLUSIVE);
                    case INCONCLUSIVE ->
                        named(Verdict.INCONCLUSIVE) + " cannot be judged; nothing else has become dearer";
                };
    }

    private String besides(Verdict verdict) {
        String named = named(verdict);
        return named.isEmpty() ? "" : "; " + verdict.inWords() + ": " + named;
    }

    private String named(Verdict verdict) {
        List<String> arms = new ArrayList<>();
        for (Change each : change.changes()) {
            if (each.verdict() == verdict) {
                boolean measured = verdict != Verdict.INCONCLUSIVE;
                arms.add(each.arm()
                        + (byWorkload().size() > 1 ? " on " + each.workload().target() : "")
                        + (measured ? " " + HumanUnits.ratio(each.ratio().median()) : ""));
            }
        }
        return String.join(", ", arms);
    }
}
