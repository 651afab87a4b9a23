package dev.tracetoll.export;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Run;
import java.util.List;
import java.util.function.Function;

/** The formats, by the names that the command line has for them. */
public enum ExportFormat {
    /** JMH's JSON, which github-action-benchmark and JMH Visualizer read. */
    jmh(of -> JmhExport.of(only(of))),
    /** Bencher Metric Format. */
    bencher(of -> BencherExport.of(only(of))),
    /** A table of runs for Apache Otava, and its configuration. */
    otava(OtavaExport::of),
    /** The text that Go's benchmarks print, which benchstat reads. */
    benchstat(of -> BenchstatExport.of(only(of)));

    private final Function<List<Run>, Export> export;

    ExportFormat(Function<List<Run>, Export> export) {
        this.export = export;
    }

    /**
     * Some runs in the format.
     *
     * @param runs one at least
     * @throws BadInput if the format takes one run only and they are more, if it takes runs of one environment and they are of several, if one is not valid,
     *     or if all of its arms have to be left out
     */
    public Export of(List<Run> runs) {
        runs.forEach(Run::requireValid);
        return export.apply(runs);
    }

    private static Run only(List<Run> runs) {
        if (runs.size() > 1) {
            throw new BadInput(
                    "This format has one run in a file, and " + runs.size() + " are named; export each by itself");
        }
        return runs.get(0);
    }
}
