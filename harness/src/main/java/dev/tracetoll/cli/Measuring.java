package dev.tracetoll.cli;

import dev.tracetoll.bench.Measurement;
import dev.tracetoll.experiment.RunExperiment;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Stopped;
import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Screen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code bench} is to measure: planned, and known to make sense. */
interface Measuring {

    /**
     * What was measured.
     *
     * @param files the same as other tools read it, by name
     */
    record Measured(
            List<Arm> arms,
            List<Comparison> comparisons,
            List<Warning> warnings,
            Stopped stopped,
            Map<String, byte[]> files) {}

    /** The experiment that it is of. */
    RunExperiment experiment();

    /** Seed of its order, and of the bootstrap. */
    long seed();

    /** What it may take; empty if nobody said. */
    Optional<Duration> budget();

    /** Versions of what takes part, by name. */
    Map<String, String> tools();

    /**
     * Makes ready to judge, before anything is measured.
     *
     * @param results where results are kept
     * @throws dev.tracetoll.problem.Problem if it will not be possible
     */
    void prepareJudge(Path results, Screen screen);

    /** Measures. */
    Measured measure(Measurement.Progress progress);

    /**
     * Judges, and prints what comes of it.
     *
     * @param run a valid one
     * @param directory where it is stored
     * @return the exit code
     */
    int judge(Run run, Path directory);
}
