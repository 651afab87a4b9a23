package dev.tracetoll.history;

import dev.tracetoll.compare.ArmFigures;
import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.RunComparison;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.history.Series.Reading;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.ChangePoints;
import dev.tracetoll.stats.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The runs of one experiment in one environment, and how the figures of its arms have gone from the one to the other.
 *
 * @param runs from the oldest to the newest, two at least
 * @param arms in the order in which they first occur
 * @param leftOut figures that are no costs, in a line each
 */
public record History(List<Run> runs, List<ArmHistory> arms, List<String> leftOut) {

    /** A change of a level by less than this share does not matter: the same as from one run to another. */
    static final double TOLERANCE = RunComparison.DEFAULT_TOLERANCE;

    private static final String NAME_ONE = "name those of one";

    public History {
        runs = List.copyOf(runs);
        arms = List.copyOf(arms);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * The history of some runs.
     *
     * @param runs in any order
     * @throws BadInput if they are fewer than two, of several environments or experiments, if one is not valid or named twice, or if nothing was traced
     */
    public static History of(List<Run> runs) {
        List<Run> sorted =
                runs.stream().sorted(Comparator.comparing(Run::started)).toList();
        if (sorted.size() < 2) {
            throw new BadInput("A history has two runs at least; name more of them");
        }
        Run.requireOneEnvironment(sorted, NAME_ONE);
        requireOneExperiment(sorted);
        requireEachOnce(sorted);
        sorted.forEach(Run::requireValid);
        History history = new Making(sorted).history();
        if (history.arms.isEmpty()) {
            throw new BadInput(
                    "The runs have no arm that is traced and has an untraced one beside it; name runs of bench");
        }
        return history;
    }

    private static void requireOneExperiment(List<Run> runs) {
        Set<String> names = runs.stream().map(Run::experiment).collect(Collectors.toCollection(LinkedHashSet::new));
        if (names.size() > 1) {
            throw new BadInput("The runs are of different experiments, " + String.join(" and ", names)
                    + ", which measure different arms; " + NAME_ONE);
        }
    }

    private static void requireEachOnce(List<Run> runs) {
        Set<Instant> seen = new LinkedHashSet<>();
        runs.stream().filter(run -> !seen.add(run.started())).findFirst().ifPresent(run -> {
            throw new BadInput("The run of " + run.started() + " is named twice; name each once");
        });
    }

    /** Its environment: of all runs the same, as far as that matters to times. */
    Environment environment() {
        return runs.get(runs.size() - 1).environment();
    }

    /** What the runs are of. */
    String experiment() {
        return runs.get(0).experiment();
    }

    /** The arms by workload, in their order. */
    Map<Workload, List<ArmHistory>> byWorkload() {
        return arms.stream()
                .collect(Collectors.groupingBy(ArmHistory::workload, LinkedHashMap::new, Collectors.toList()));
    }

    /** Whether there are too few runs for a change of level to be told from noise. */
    boolean tooFewRuns() {
        return runs.size() < 2 * ChangePoints.SHORTEST;
    }

    /** Collects the figures. */
    private static final class Making {

        private record Key(Workload workload, String arm, String technique) {}

        private final List<Run> runs;
        private final Map<Key, Map<Measure, List<Reading>>> readings = new LinkedHashMap<>();
        private final Map<Key, Map<Integer, Verdict>> verdicts = new LinkedHashMap<>();
        private final List<String> leftOut = new ArrayList<>();
        /** One for all pairs: it remembers what it has estimated of a run, which is the later one of a pair and the earlier one of the next. */
        private final RunComparison comparison;

        Making(List<Run> runs) {
            this.runs = runs;
            comparison = new RunComparison(TOLERANCE, runs.get(runs.size() - 1).seed());
        }

        History history() {
            for (int number = 0; number < runs.size(); number++) {
                read(number);
                if (number > 0) {
                    judge(number);
                }
            }
            ChangePoints changes = new ChangePoints(TOLERANCE);
            List<ArmHistory> arms = readings.entrySet().stream()
                    .map(entry -> new ArmHistory(
                            entry.getKey().workload(),
                            entry.getKey().arm(),
                            entry.getKey().technique(),
                            entry.getValue().entrySet().stream()
                                    .map(figure -> new Series(
                                            figure.getKey(),
                                            figure.getValue(),
                                            changes.of(figure.getValue().stream()
                                                    .map(Reading::value)
                                                    .toList())))
                                    .sorted(Comparator.comparing(Series::measure))
                                    .toList(),
                            verdicts.getOrDefault(entry.getKey(), Map.of())))
                    .toList();
            return new History(runs, arms, leftOut);
        }

        private void read(int number) {
            Run run = runs.get(number);
            List<Arm> arms = run.arms().stream()
                    .filter(arm -> !arm.untraced() && !arm.again())
                    .toList();
            List<Map<Measure, Interval>> figures =
                    arms.parallelStream().map(arm -> figures(run, arm)).toList();
            IntStream.range(0, arms.size()).forEach(i -> {
                Arm arm = arms.get(i);
                Optional<String> flaw = Flaw.of(arm);
                if (flaw.isPresent()) {
                    leftOut.add(RunName.of(run) + ": " + arm.name() + " on " + arm.target() + " lost " + arm.lost()
                            + " of " + arm.expected() + " events, so its time is no cost");
                    return;
                }
                Key key = new Key(arm.workload(), arm.name(), arm.technique());
                figures.get(i)
                        .forEach((measure, value) -> readings.computeIfAbsent(key, any -> new LinkedHashMap<>())
                                .computeIfAbsent(measure, any -> new ArrayList<>())
                                .add(new Reading(number, value)));
            });
        }

        private static Map<Measure, Interval> figures(Run run, Arm arm) {
            Map<Measure, Interval> figures = new LinkedHashMap<>();
            ArmFigures.of(run, arm).ifPresent(of -> {
                figures.put(Measure.OVERHEAD, of.overheadPerCallNs());
                figures.put(Measure.RATIO, of.ratio());
                of.floors().ifPresent(floors -> figures.put(Measure.FLOORS, floors));
            });
            return figures;
        }

        private void judge(int number) {
            for (Change change : comparison.changes(runs.get(number - 1), runs.get(number))) {
                verdicts.computeIfAbsent(
                                new Key(change.workload(), change.arm(), change.technique()),
                                any -> new LinkedHashMap<>())
                        .put(number, change.verdict());
            }
        }
    }
}
