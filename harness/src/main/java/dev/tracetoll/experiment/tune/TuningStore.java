package dev.tracetoll.experiment.tune;

import dev.tracetoll.results.ResultStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Stores tunings as {@code <directory>/<tuning>/tuning.json}, whole or not at all, and loads them. */
public final class TuningStore {

    /** Name of the file that holds a tuning. */
    public static final String TUNING_FILE = "tuning.json";

    private static final String LABEL = "tune";

    private final ResultStore store;

    /** @param directory where results are kept, as {@code results}; made when the first is saved */
    public TuningStore(Path directory) {
        store = new ResultStore(directory);
    }

    /**
     * Finds out whether tunings can be saved here, before there is one. Leaves nothing.
     *
     * @throws dev.tracetoll.problem.Problem if they cannot, as {@link ResultStore#requireWritable} says
     */
    public void requireWritable() {
        store.requireWritable();
    }

    /**
     * Saves a tuning.
     *
     * @return the directory, named by start time
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path save(Tuning tuning) {
        return store.save(tuning.started(), LABEL, Map.of(TUNING_FILE, tuning));
    }

    /**
     * Saves a check of the model.
     *
     * @return the directory, named by start time
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path save(TuningCheck check) {
        return store.save(check.started(), "tune-check", Map.of(TuningCheck.FILE, check));
    }

    /**
     * Loads a tuning.
     *
     * @param path a {@value #TUNING_FILE} or the directory with one
     * @throws dev.tracetoll.problem.BadInput if there is no such file, or it is not a whole tuning of a known schema
     */
    public static Tuning load(Path path) {
        return ResultStore.load(file(path), Tuning.class, Tuning.SCHEMA_VERSION);
    }

    /** The file of a tuning, or of its directory. */
    static Path file(Path path) {
        return Files.isDirectory(path) ? path.resolve(TUNING_FILE) : path;
    }
}
