package dev.tracetoll.experiment.gate;

import dev.tracetoll.experiment.Experiment;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.Provenance;
import dev.tracetoll.results.ResultStore;
import java.nio.file.Path;
import java.util.Map;

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
    public Chapter chapter(Path results) {
        Path file = TrialStore.file(results);
        GateTrial trial = TrialStore.load(results);
        OperatingCurve curve = new OperatingCurve(trial);
        return new Chapter(
                Chapter.nameOf(file),
                OperatingCurveDocument.name(curve),
                Provenance.of(trial.tracetoll(), trial.started(), trial.environment(), trial.command(), trial.seed()),
                () -> new GateExhibit(curve),
                Map.of(file(), ResultStore.bytes(file)));
    }
}
