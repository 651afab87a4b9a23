package dev.tracetoll.history;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Csv;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A history for programs: one line for each figure of each arm of each run. */
final class HistoryCsv {

    private HistoryCsv() {}

    /** The text, as RFC 4180 has it but for the line ends, which are Unix's. */
    static String of(History history) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "started",
                "commit",
                "target",
                "arguments",
                "function",
                "calls",
                "placement",
                "arm",
                "technique",
                "figure",
                "unit",
                "median",
                "low",
                "high",
                "to_run_before",
                "new_level_by"));
        history.arms()
                .forEach(arm -> arm.series()
                        .forEach(series -> series.readings().forEach(reading -> {
                            Run run = history.runs().get(reading.run());
                            Interval value = reading.value();
                            rows.add(List.of(
                                    run.started().toString(),
                                    run.tracetoll().commit(),
                                    arm.workload().target(),
                                    String.join(" ", arm.workload().arguments()),
                                    arm.workload().function(),
                                    Integer.toString(arm.workload().calls()),
                                    arm.workload().placement().inWords(),
                                    arm.arm(),
                                    arm.technique(),
                                    series.measure().inWords(),
                                    series.measure().unit(),
                                    Csv.number(value.median()),
                                    Csv.number(value.low()),
                                    Csv.number(value.high()),
                                    Optional.ofNullable(arm.verdicts().get(reading.run()))
                                            .map(Verdict::inWords)
                                            .orElse(""),
                                    series.changeIn(reading.run())
                                            .map(change -> Csv.number(change.share()))
                                            .orElse("")));
                        })));
        return Csv.of(rows);
    }
}
