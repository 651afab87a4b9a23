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
        return store.save(check.started(), "check", Map.of(TuningCheck.FILE, check));
    }

    /**
     * Loads a tuning.
     *
     * @param path a {@value #TUNING_FILE} or the directory with one
     * @throws dev.tracetoll.problem.BadInput if there is no such file, or it is not a whole tuning of a known schema
     */
    public static Tuning load(Path path) {
        return ResultStore.load(file(path, TUNING_FILE), Tuning.class, Tuning.SCHEMA_VERSION);
    }

    /**
     * Loads a check of the model.
     *
     * @param path a {@value TuningCheck#FILE} or the directory with one
     * @throws dev.tracetoll.problem.BadInput if there is no such file, or it is not a whole check of a known schema
     */
    public static TuningCheck loadCheck(Path path) {
        return ResultStore.load(file(path, TuningCheck.FILE), TuningCheck.class, TuningCheck.SCHEMA_VERSION);
    }

    /** The file of that name, or the one in that directory. */
    static Path file(Path path, String name) {
        return Files.isDirectory(path) ? path.resolve(name) : path;
    }
}
