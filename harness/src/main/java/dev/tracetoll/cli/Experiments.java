package dev.tracetoll.cli;

import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.experiment.Experiment;
import dev.tracetoll.experiment.RunExperiment;
import dev.tracetoll.experiment.gate.GateExperiment;
import dev.tracetoll.experiment.growth.GrowthExperiment;
import dev.tracetoll.experiment.headline.HeadlineExperiment;
import dev.tracetoll.experiment.ladder.LadderExperiment;
import dev.tracetoll.experiment.program.ProgramExperiment;
import dev.tracetoll.experiment.tune.TuneCheckExperiment;
import dev.tracetoll.experiment.tune.TuneExperiment;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.StoredRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The experiments that there are. */
final class Experiments {

    /** All of them. */
    static final List<Experiment> ALL = List.of(
            new HeadlineExperiment(),
            new LadderExperiment(),
            new GrowthExperiment(),
            new GateExperiment(),
            new ProgramExperiment(),
            new TuneExperiment(),
            new TuneCheckExperiment());

    /** Those of {@code tracetoll bench}; the first is the one that is made if none is chosen. */
    static final List<BenchExperiment> OF_BENCH = ALL.stream()
            .filter(BenchExperiment.class::isInstance)
            .map(BenchExperiment.class::cast)
            .toList();

    /** Those whose results are runs. */
    private static final List<RunExperiment> OF_RUNS = ALL.stream()
            .filter(RunExperiment.class::isInstance)
            .map(RunExperiment.class::cast)
            .toList();

    private Experiments() {}

    /**
     * Stored results.
     *
     * @param experiment which they are of
     * @param chapter what a report shows of them
     */
    record Stored(Experiment experiment, Chapter chapter) {}

    /**
     * Reads stored results. One whose results have a file of their own is known by that, the others by what the file says.
     *
     * @param results the file with them, or its directory
     * @throws BadInput if they cannot be read, or are of none
     */
    static Stored read(Path results) {
        Optional<Experiment> own = withOwnFile(results);
        if (own.isPresent()) {
            return new Stored(own.get(), own.get().chapter(results));
        }
        StoredRun stored = ResultStore.loadWithFiles(results);
        RunExperiment experiment = of(stored.run(), results);
        return new Stored(experiment, experiment.chapter(stored, results));
    }

    /**
     * The experiment that stored results are of, if its results have a file of their own.
     *
     * @param results the file with them, or its directory
     */
    static Optional<Experiment> withOwnFile(Path results) {
        return ALL.stream()
                .filter(each -> !each.file().equals(ResultStore.RESULTS_FILE) && isThere(each.file(), results))
                .findFirst();
    }

    private static boolean isThere(String name, Path results) {
        Path file = Files.isDirectory(results) ? results.resolve(name) : results;
        return file.endsWith(name) && Files.exists(file);
    }

    /** Refuses results that have a file of their own, before they are read as runs. */
    static void requireRuns(List<Path> results) {
        for (Path each : results) {
            withOwnFile(each).ifPresent(experiment -> {
                throw new BadInput("The results " + each + " are of " + experiment.name()
                        + ", which measures no arms; name runs of bench");
            });
        }
    }

    /**
     * The experiment that a run is of.
     *
     * @param results where it was loaded from
     * @throws BadInput if it is of none
     */
    static RunExperiment of(Run run, Path results) {
        String name = run.experiment();
        return OF_RUNS.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInput(
                        "cannot read results " + ResultStore.resultsFile(results) + ": at experiment: \"" + name
                                + "\" is no word that this Tracetoll knows here; measure again or restore the file"));
    }
}
