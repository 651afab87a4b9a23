package dev.tracetoll.experiment.gate;

import dev.tracetoll.experiment.Experiment;
import java.nio.file.Path;

/** How often does the gate find a slowdown of which size? Measured by {@code tracetoll selftest gate}. */
public final class GateExperiment implements Experiment {

    @Override
    public String name() {
        return "gate";
    }

    @Override
    public String file() {
        return TrialStore.TRIAL_FILE;
    }

    @Override
    public Path report(Path results, Path reports) {
        return new TrialWriter(reports).write(results);
    }
}
