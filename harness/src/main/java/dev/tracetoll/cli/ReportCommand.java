package dev.tracetoll.cli;

import dev.tracetoll.export.ExportFormat;
import dev.tracetoll.problem.BadInput;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tracetoll report}: writes the report of stored results anew. */
@Command(
        name = "report",
        description = "Write the report of stored results: one self-contained page, charts, raw data beside them.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "RESULTS",
            description = "A results.json, the directory of a run, or of a trial of the gate.")
    private List<Path> results;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where reports are kept (default: reports/ of this clone).")
    private Path out;

    @Option(
            names = "--history",
            description =
                    "Write one page of all runs, which are of one experiment in one environment: how the figures have gone from run to run.")
    private boolean history;

    @Option(
            names = "--export",
            paramLabel = "FORMAT",
            description = {
                "Write what other tools read, in place of a report: jmh (github-action-benchmark, JMH Visualizer), bencher, benchstat, or otava, which takes many runs.",
                "Without --out to standard output."
            })
    private ExportFormat export;

    @Override
    public Integer call() {
        if (export != null) {
            if (history) {
                throw new BadInput("--history writes a page and --export does not; choose one");
            }
            Experiments.requireRuns(results);
            ExportOutput.write(export, results, out);
            return 0;
        }
        Path directory = out != null
                ? out
                : Path.of(System.getProperty("tracetoll.home", ".")).resolve("reports");
        if (history) {
            System.out.println(Experiments.history(results, directory));
            return 0;
        }
        for (Path each : results) {
            System.out.println(Experiments.of(each).report(each, directory));
        }
        return 0;
    }
}
