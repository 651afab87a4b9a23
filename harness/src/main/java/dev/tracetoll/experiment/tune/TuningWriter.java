package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.results.WholeDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Writes what a tuning found as a directory, whole or not at all. */
public final class TuningWriter {

    private final WholeDirectory directory;

    /** @param directory where reports are kept, as {@code reports}; made when the first is written */
    public TuningWriter(Path directory) {
        this.directory = new WholeDirectory(directory);
    }

    /**
     * Finds out whether it can be written here, before there is anything to write. Leaves nothing.
     *
     * @throws dev.tracetoll.problem.Problem if it cannot, as {@link WholeDirectory#requireWritable} says
     */
    public void requireWritable() {
        directory.requireWritable();
    }

    /**
     * Writes it.
     *
     * @param results a {@value TuningStore#TUNING_FILE} or the directory with it; the report gets that directory's name
     * @return the directory of the report
     * @throws dev.tracetoll.problem.Problem if the tuning cannot be read, or the report cannot be written
     */
    public Path write(Path results) {
        return write(
                TuningStore.file(results, TuningStore.TUNING_FILE),
                TuningDocument.NAME,
                new TuningDocument(TuningStore.load(results)).markdown());
    }

    /**
     * Writes what a check of the model found.
     *
     * @param results a {@value TuningCheck#FILE} or the directory with it; the report gets that directory's name
     * @return the directory of the report
     * @throws dev.tracetoll.problem.Problem if the check cannot be read, or the report cannot be written
     */
    public Path writeCheck(Path results) {
        return write(
                TuningStore.file(results, TuningCheck.FILE),
                CheckDocument.NAME,
                new CheckDocument(TuningStore.loadCheck(results)).markdown());
    }

    private Path write(Path file, String name, String page) {
        Path holding =
                Objects.requireNonNull(file.toAbsolutePath().normalize().getParent(), "a file lies in a directory");
        return directory.write(holding.getFileName().toString(), Map.of(name + ".md", Exhibit.bytes(page)));
    }
}
