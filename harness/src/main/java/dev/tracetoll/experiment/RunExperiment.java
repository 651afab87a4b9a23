package dev.tracetoll.experiment;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Provenance;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.StoredRun;
import dev.tracetoll.text.Screen;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An experiment whose results are a {@link Run}: arms that are compared with one that is not traced. */
public interface RunExperiment extends Experiment {

    /** What is compared with what. */
    default List<Comparison> comparisons(List<Arm> arms, long seed) {
        return new Comparisons(seed).of(arms);
    }

    /** Why later runs must not be compared with this one, and what to do, in a line; empty if they may. */
    Optional<String> unfitAsBaseline(Run run);

    /**
     * The figures for a terminal, with a line end behind each line.
     *
     * @param verbose whether everything is shown that a report says
     */
    String text(Run run, Screen screen, boolean verbose);

    /** What the figures come to, in a sentence or two for a terminal, with a line end behind each line; empty if they cannot be put so. */
    default Optional<String> answer(Run run, Screen screen) {
        return Optional.empty();
    }

    /** Name of what a report shows of it. */
    default String section(Run run) {
        return name();
    }

    /** What a report shows of it. */
    Exhibit exhibit(Run run);

    @Override
    default Chapter chapter(Path results) {
        return chapter(ResultStore.loadWithFiles(results), results);
    }

    /** What a report shows of a run that was loaded from there. */
    default Chapter chapter(StoredRun stored, Path results) {
        Run run = stored.run();
        return new Chapter(
                        Chapter.nameOf(ResultStore.resultsFile(results)),
                        section(run),
                        Provenance.of(run),
                        () -> exhibit(run),
                        stored.files())
                .of(run);
    }
}
