package dev.tracetoll.history;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.results.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An arm from run to run.
 *
 * @param workload what it measures
 * @param arm its name
 * @param technique how the target was traced
 * @param series its figures, one at least
 * @param verdicts by the number of a run what came of comparing it with the run before
 */
public record ArmHistory(
        Workload workload, String arm, String technique, List<Series> series, Map<Integer, Verdict> verdicts) {

    public ArmHistory {
        series = List.copyOf(series);
        verdicts = Map.copyOf(verdicts);
    }

    /** One of its figures. */
    Optional<Series> of(Measure measure) {
        return series.stream().filter(each -> each.measure() == measure).findFirst();
    }

    /** The runs that have it, in their order. */
    List<Integer> runs() {
        return series.stream()
                .flatMap(each -> each.readings().stream())
                .map(Series.Reading::run)
                .distinct()
                .sorted()
                .toList();
    }
}
