package dev.tracetoll.results;

import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Results that are kept, by the fingerprint of the environment that they come from: published runs as {@code <fingerprint>/<run>/}, and the
 * run that later ones of the same environment are compared with as {@code <fingerprint>/baseline/}.
 */
public final class Published {

    /** Name of the directory below the one where runs are kept. */
    public static final String DIRECTORY = "published";

    private static final String BASELINE = "baseline";
    private static final String FINGERPRINT = "[0-9a-f]{16}";

    private final Path directory;

    /** @param results where runs are kept, as {@code results} */
    public Published(Path results) {
        directory = results.resolve(DIRECTORY);
    }

    /** The {@value ResultStore#RESULTS_FILE} of the baseline for an environment, if there is one. */
    public Optional<Path> baseline(String fingerprint) {
        return Optional.of(baselineFile(fingerprint)).filter(Files::exists);
    }

    /** The fingerprints of all environments with a baseline, in order. */
    public List<String> fingerprints() {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.matches(FINGERPRINT) && Files.exists(baselineFile(name)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            if (!Files.exists(directory)) {
                return List.of();
            }
            throw new BadInput(
                    "cannot list the baselines in " + directory + ": " + WholeDirectory.reason(e)
                            + "; check the path and its permissions",
                    e);
        }
    }

    private Path baselineFile(String fingerprint) {
        return directory.resolve(fingerprint).resolve(BASELINE).resolve(ResultStore.RESULTS_FILE);
    }

    /**
     * Makes a run the baseline of its environment, in place of the one before.
     *
     * @param results a {@value ResultStore#RESULTS_FILE} or the directory of a run
     * @param unfitness why later runs must not be compared with a run, and what to do; empty if they may
     * @return the {@value ResultStore#RESULTS_FILE} of the baseline
     * @throws BadInput if the run cannot be read, or is not good enough to compare others with
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; the one before is untouched then
     */
    public Path adopt(Path results, Function<Run, Optional<String>> unfitness) {
        StoredRun stored = ResultStore.loadWithFiles(results);
        unfitness.apply(stored.run()).ifPresent(why -> {
            throw new BadInput("cannot adopt " + ResultStore.resultsFile(results) + " as the baseline: " + why);
        });
        WholeDirectory ofEnvironment =
                new WholeDirectory(directory.resolve(stored.run().environment().fingerprint()));
        ofEnvironment.requireWritable();
        return ofEnvironment.replace(BASELINE, stored.files()).resolve(ResultStore.RESULTS_FILE);
    }
}
