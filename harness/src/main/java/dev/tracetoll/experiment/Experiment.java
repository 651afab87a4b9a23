package dev.tracetoll.experiment;

import dev.tracetoll.results.ResultStore;
import java.nio.file.Path;

/**
 * A question that is answered by measuring. What belongs to it stands together, in a package of its own: which arms are measured, what is made of
 * them, which bounds they are held to, and how all of that is shown. Nobody else asks for its name.
 */
public interface Experiment {

    /** What it is called in results, in the names of their directories and of pictures, as {@code ladder}. */
    String name();

    /** Name of the file that has its results. */
    default String file() {
        return ResultStore.RESULTS_FILE;
    }

    /**
     * Writes the report of results.
     *
     * @param results their {@linkplain #file() file}, or its directory
     * @param reports where reports are kept
     * @return what a reader is to open
     * @throws dev.tracetoll.problem.Problem if the results cannot be read, or the report cannot be written
     */
    Path report(Path results, Path reports);
}
