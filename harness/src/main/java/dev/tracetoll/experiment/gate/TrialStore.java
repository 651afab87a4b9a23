package dev.tracetoll.experiment.gate;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stores trials of the gate as {@code <directory>/<trial>/selftest.json}, whole or not at all, and loads them. */
public final class TrialStore {

    /** Name of the file that holds a trial of the gate. */
    public static final String TRIAL_FILE = "selftest.json";

    /** Name of the file with the recording that a trial was drawn from, beside {@value #TRIAL_FILE}; of the form of a run's. */
    public static final String RECORDING_FILE = "recording.json";

    private static final String LABEL = "selftest";

    private final ResultStore store;

    /** @param directory where results are kept, as {@code results}; made when the first is saved */
    public TrialStore(Path directory) {
        store = new ResultStore(directory);
    }

    /**
     * Finds out whether trials can be saved here, before there is one. Leaves nothing.
     *
     * @throws dev.tracetoll.problem.Problem if they cannot, as {@link ResultStore#requireWritable} says
     */
    public void requireWritable() {
        store.requireWritable();
    }

    /**
     * Saves a trial.
     *
     * @param recording what it was drawn from
     * @return the directory, named by start time
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path save(GateTrial trial, Run recording) {
        Map<String, Object> documents = new LinkedHashMap<>();
        documents.put(TRIAL_FILE, trial);
        documents.put(RECORDING_FILE, recording);
        return store.save(trial.started(), LABEL, documents);
    }

    /**
     * Loads a trial.
     *
     * @param path a {@value #TRIAL_FILE} or the directory with one
     * @throws BadInput if there is no such file, or it is not a whole trial of a known schema
     */
    public static GateTrial load(Path path) {
        return ResultStore.load(file(path), GateTrial.class, GateTrial.SCHEMA_VERSION);
    }

    /**
     * The file of a trial.
     *
     * @param path a {@value #TRIAL_FILE} or the directory with one
     */
    static Path file(Path path) {
        return Files.isDirectory(path) ? path.resolve(TRIAL_FILE) : path;
    }
}
