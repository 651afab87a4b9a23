package dev.tracetoll.experiment.tune;

import dev.tracetoll.experiment.Experiment;
import java.nio.file.Path;

/** How large must the ring buffer be, and how is it to be drained? Measured by {@code tracetoll tune}. */
public final class TuneExperiment implements Experiment {

    @Override
    public String name() {
        return "tune";
    }

    @Override
    public String file() {
        return TuningStore.TUNING_FILE;
    }

    @Override
    public Compared compare(Path before, Path after, double tolerance) {
        TuningComparison comparison =
                new TuningComparison(TuningStore.load(before), TuningStore.load(after), tolerance);
        return new Compared(comparison::text, comparison.markdown(), comparison.verdict());
    }

    @Override
    public Path report(Path results, Path reports) {
        return new TuningWriter(reports).write(results);
    }
}
