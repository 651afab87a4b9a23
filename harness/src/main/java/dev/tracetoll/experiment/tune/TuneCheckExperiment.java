package dev.tracetoll.experiment.tune;

import dev.tracetoll.experiment.Experiment;
import java.nio.file.Path;

/** Is the size that the model says enough, and not too much? Measured by {@code tracetoll tune --check}. */
public final class TuneCheckExperiment implements Experiment {

    @Override
    public String name() {
        return "tune-check";
    }

    @Override
    public String file() {
        return TuningCheck.FILE;
    }

    @Override
    public Path report(Path results, Path reports) {
        return new TuningWriter(reports).writeCheck(results);
    }
}
