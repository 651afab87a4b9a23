package dev.tracetoll.export;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.text.Csv;
import dev.tracetoll.text.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A run as Go's benchmarks print their results: a line for each round of each arm, with the median burst as the time of a call. A round, and not a burst, is a
 * sample, because benchstat takes samples for independent and the bursts of a round are not.
 *
 * <p>What differs from run to run is in comments: benchstat compares only what agrees in all configuration lines.
 *
 * @see <a href="https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md">Go Benchmark Data Format</a>
 */
final class BenchstatExport {

    private static final double MEDIAN = 0.5;

    private BenchstatExport() {}

    static Export of(Run run) {
        Costs costs = Costs.of(run);
        List<String> lines = new ArrayList<>();
        lines.add("# tracetoll " + run.experiment() + " of " + run.started() + ", commit "
                + run.tracetoll().commit() + ", seed " + run.seed() + ", fingerprint "
                + run.environment().fingerprint());
        lines.add("goos: linux");
        lines.add("goarch: " + run.environment().architecture());
        lines.add("pkg: dev.tracetoll/" + run.experiment());
        lines.add("cpu: " + run.environment().cpuModel());
        costs.arms().forEach(arm -> lines.addAll(samples(run, arm)));
        return new Export("benchstat.txt", Lines.joined(lines), Map.of(), costs.leftOut());
    }

    private static List<String> samples(Run run, Arm arm) {
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < arm.bursts().rounds(); number++) {
            Bursts round = arm.bursts().rounds(number, number + 1);
            lines.add(name(run, arm) + "\t" + (long) round.count() * arm.calls() + "\t"
                    + Csv.number(round.quantileNs(MEDIAN) / arm.calls()) + " ns/op");
        }
        return lines;
    }

    /** The number of CPUs stands at the end as Go writes it: the end of an arm's name would be taken for it if it were a number. */
    private static String name(Run run, Arm arm) {
        List<String> parts = ArmName.parts(arm).stream().map(ArmName::word).toList();
        return "Benchmark" + ArmName.capital(parts.get(0)) + "/function=" + parts.get(1) + "/calls=" + parts.get(2)
                + "/placement=" + parts.get(3) + "/arm=" + parts.get(4) + "-"
                + run.environment().cpus();
    }
}
