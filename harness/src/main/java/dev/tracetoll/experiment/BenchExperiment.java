package dev.tracetoll.experiment;

import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Provenance;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.StoredRun;
import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Screen;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An experiment that {@code tracetoll bench} makes: a plan of arms that take turns, and a {@link Run} of it. */
public interface BenchExperiment extends Experiment {

    /** What it is judged by once it is measured, beyond whether its counts add up. */
    @FunctionalInterface
    interface Judge {
        /**
         * Judges, and prints what comes of it.
         *
         * @param run a valid one
         * @param directory where it is stored
         * @return the exit code
         */
        int judge(Run run, Path directory);
    }

    /** The options that choose it, each with how much it then measures. */
    List<Extent> extents();

    /** Further options that have a meaning for it alone. */
    default List<OwnOption> options() {
        return List.of();
    }

    /** What is wrong if another experiment is asked for with options of this one, in a line; empty if none was given. */
    default Optional<String> misplaced(BenchRequest other) {
        return Optional.empty();
    }

    /**
     * What is measured.
     *
     * @param peers finds out which other tools there are
     * @throws dev.tracetoll.problem.Problem if that makes no sense, or cannot be measured here
     */
    Plan plan(BenchRequest asked, PeerChoice peers);

    /** What is compared with what. */
    default List<Comparison> comparisons(List<Arm> arms, long seed) {
        return new Comparisons(seed).of(arms);
    }

    /** What a reader must know of what was not measured. */
    default List<Warning> warnings(PeerChoice peers) {
        return peers.absent();
    }

    /**
     * Makes ready to judge before anything is measured: a run must not fail after minutes for what could be known at once.
     *
     * @param results where results are kept
     * @throws dev.tracetoll.problem.Problem if it will not be possible
     */
    default Judge judge(BenchRequest asked, Path results, Screen screen) {
        return (run, directory) -> 0;
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
