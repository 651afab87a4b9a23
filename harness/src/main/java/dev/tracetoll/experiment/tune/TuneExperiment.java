package dev.tracetoll.experiment.tune;

import dev.tracetoll.experiment.Experiment;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.Provenance;
import dev.tracetoll.results.ResultStore;
import java.nio.file.Path;
import java.util.Map;

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
    public Chapter chapter(Path results) {
        Path file = TuningStore.file(results, file());
        Tuning tuning = TuningStore.load(results);
        return new Chapter(
                Chapter.nameOf(file),
                TuningDocument.NAME,
                Provenance.of(
                        tuning.tracetoll(), tuning.started(), tuning.environment(), tuning.command(), tuning.seed()),
                () -> new TuningExhibit(tuning),
                Map.of(file(), ResultStore.bytes(file)));
    }
}
