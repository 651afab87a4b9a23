package dev.tracetoll.experiment;

import dev.tracetoll.bench.PeerChoice;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Screen;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An experiment that {@code tracetoll bench} makes: a plan of arms that take turns, and a {@link Run} of it. */
public interface BenchExperiment extends RunExperiment {

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
}
