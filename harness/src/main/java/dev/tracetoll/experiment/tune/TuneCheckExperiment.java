package dev.tracetoll.experiment.tune;

import dev.tracetoll.experiment.Experiment;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.Provenance;
import dev.tracetoll.results.ResultStore;
import java.nio.file.Path;
import java.util.Map;

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
    public Chapter chapter(Path results) {
        Path file = TuningStore.file(results, file());
        TuningCheck check = TuningStore.loadCheck(results);
        return new Chapter(
                Chapter.nameOf(file),
                CheckDocument.NAME,
                Provenance.of(check.tracetoll(), check.started(), check.environment(), check.command(), check.seed()),
                () -> new CheckExhibit(check),
                Map.of(file(), ResultStore.bytes(file)));
    }
}
