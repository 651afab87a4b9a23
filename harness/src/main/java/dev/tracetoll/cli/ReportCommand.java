package dev.tracetoll.cli;

import dev.tracetoll.export.ExportFormat;
import dev.tracetoll.history.HistoryWriter;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.ReportCheck;
import dev.tracetoll.report.ReportWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tracetoll report}: writes the report of stored results anew, or checks one. */
@Command(
        name = "report",
        description = "Write the report of stored results: one self-contained page, charts, raw data beside them.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "RESULTS",
            description = "Results: a file of them, or the directory of a run, of a tuning, or of a trial of the gate.")
    private List<Path> results;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "The directory of the report, or of what is exported; one that is there is replaced (default: a report goes into a new one in reports/ of this clone).")
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

    @Option(
            names = "--verify",
            description =
                    "Derive reports anew from the results in them, and say what differs; RESULTS are the reports' directories.")
    private boolean verify;

    @Override
    public Integer call() {
        if (verify) {
            if (history || export != null) {
                throw new BadInput("--verify looks at reports that are there; leave out --history and --export");
            }
            return verified();
        }
        if (export != null) {
            if (history) {
                throw new BadInput("--history writes a page and --export does not; choose one");
            }
            Experiments.requireRuns(results);
            ExportOutput.write(export, results, out);
            return 0;
        }
        if (history) {
            Experiments.requireRuns(results);
            System.out.println(
                    out != null ? HistoryWriter.replace(out, results) : new HistoryWriter(kept()).write(results));
            return 0;
        }
        List<Chapter> chapters = chapters(results);
        Path report = out != null
                ? ReportWriter.replace(out, chapters)
                : new ReportWriter(kept()).write(name(chapters), chapters);
        System.out.println(report.resolve(ReportWriter.PAGE));
        return 0;
    }

    /** Where reports are kept. */
    private static Path kept() {
        return Invocation.home().resolve("reports");
    }

    /** In the order in which experiments are told of; what is a variant of one, as the gate under load, follows it. */
    static List<Chapter> chapters(List<Path> results) {
        List<Experiments.Stored> all =
                results.parallelStream().map(Experiments::read).toList();
        return all.stream()
                .sorted(Comparator.comparing((Experiments.Stored each) -> Experiments.ALL.indexOf(each.experiment()))
                        .thenComparing(each -> !each.chapter()
                                .section()
                                .equals(each.experiment().name())))
                .map(Experiments.Stored::chapter)
                .toList();
    }

    private static String name(List<Chapter> chapters) {
        return chapters.size() == 1
                ? chapters.get(0).name()
                : chapters.stream()
                        .max(Comparator.comparing(each -> each.provenance().started()))
                        .map(newest -> newest.name().replaceFirst("Z-.*$", "Z") + "-report")
                        .orElseThrow();
    }

    private int verified() {
        boolean all = true;
        for (Path report : results) {
            ReportCheck check = ReportCheck.of(report, ReportCommand::chapters);
            System.out.println(check.inWords());
            all &= check.holds();
        }
        return all ? 0 : OperationFailed.EXIT_CODE;
    }
}
