package dev.tracetoll.cli;

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

    @Override
    public Integer call() {
        Path directory = out != null
                ? out
                : Path.of(System.getProperty("tracetoll.home", ".")).resolve("reports");
        for (Path each : results) {
            System.out.println(Experiments.of(each).report(each, directory));
        }
        return 0;
    }
}
