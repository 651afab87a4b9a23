package dev.tracetoll.cli;

import dev.tracetoll.compare.RunComparison;
import dev.tracetoll.experiment.Experiment;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.ChangeMarkdown;
import dev.tracetoll.report.ChangeScreen;
import dev.tracetoll.report.Changes;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tracetoll compare}: what has become dearer or cheaper from one run to another. */
@Command(
        name = "compare",
        description = "Compare a run with an earlier one, arm by arm: has tracing become dearer?",
        footer = {
            "",
            "Exits 0 if nothing has become dearer, 3 if something has, 4 if that cannot be said, 2 if the runs cannot be compared."
        })
final class CompareCommand implements Callable<Integer> {

    private enum Format {
        text,
        markdown
    }

    private static final double PERCENT = 100;

    @Parameters(
            index = "0",
            paramLabel = "BASELINE",
            description = "The earlier run: a results.json or tuning.json, or its directory.")
    private Path baseline;

    @Parameters(index = "1", paramLabel = "CANDIDATE", description = "The later run.")
    private Path candidate;

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            description = "A change by less does not matter (default: 5).")
    private double tolerance = RunComparison.DEFAULT_TOLERANCE * PERCENT;

    @Option(
            names = "--across",
            description = "Compare runs of different environments: only what has a floor, in floors.")
    private boolean across;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or markdown (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public Integer call() {
        Optional<Experiment> own = Experiments.withOwnFile(candidate);
        if (own.isPresent()) {
            if (across) {
                throw new BadInput(
                        "--across compares floors, and " + candidate + " has none; compare results of one environment");
            }
            Experiment.Compared compared = own.get().compare(baseline, candidate, tolerance / PERCENT);
            System.out.print(
                    format == Format.markdown
                            ? compared.markdown()
                            : compared.text().apply(StandardOutput.screen()));
            return compared.verdict().exitCode();
        }
        Run before = ResultStore.load(baseline);
        Run after = ResultStore.load(candidate);
        RunComparison comparison = new RunComparison(tolerance / PERCENT, after.seed());
        Changes changes = new Changes(
                before, after, across ? comparison.compareAcross(before, after) : comparison.compare(before, after));
        System.out.print(
                format == Format.markdown
                        ? new ChangeMarkdown().render(changes)
                        : new ChangeScreen(StandardOutput.screen()).render(changes));
        return changes.change().verdict().exitCode();
    }
}
