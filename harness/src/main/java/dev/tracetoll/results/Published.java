package dev.tracetoll.results;

import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
                    .sorted().toList();
        } catch (IOException e) {
            if (!Files.exists(directory)) {
                return List.of();
            }
            throw new BadInput("cannot list the baselines in " + directory + ": " + WholeDirectory.reason(e) + "; check the path and its permissions", e);
        }
    }

    private Path baselineFile(String fingerprint) {
        return directory.resolve(fingerprint).resolve(BASELINE).resolve(ResultStore.RESULTS_FILE);
    }

    /**
     * Makes a run the baseline of its environment, in place of the one before.
     *
     * @param results a {@value ResultStore#RESULTS_FILE} or the directory of a run
     * @return the {@value ResultStore#RESULTS_FILE} of the baseline
     * @throws BadInput if the run cannot be read, or is not good enough to compare others with
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; the one before is untouched then
     */
    public Path adopt(Path results) {
        StoredRun stored = ResultStore.loadWithFiles(results);
        unfitness(stored.run()).ifPresent(why -> {
            throw new BadInput("cannot adopt " + ResultStore.resultsFile(results) + " as the baseline: " + why);
        });
        WholeDirectory ofEnvironment = new WholeDirectory(directory.resolve(stored.run().environment().fingerprint()));
        ofEnvironment.requireWritable();
        return ofEnvironment.replace(BASELINE, stored.files()).resolve(ResultStore.RESULTS_FILE);
    }

    /** Why later runs must not be compared with this one, and what to do; empty if they may. */
    private static Optional<String> unfitness(Run run) {
        if (run.experiment() != Experiment.HEADLINE) {
            return Optional.of("it asks how techniques " + (run.experiment() == Experiment.GROWTH ? "grow" : "come about")
                    + ", not what they cost side by side; adopt a run of ./tracetoll bench without --ladder and --growth");
        }
        return run.arms().stream().filter(arm -> !arm.peer()).flatMap(arm -> unfitness(arm).stream()).findFirst()
                .or(() -> run.headlines().stream().flatMap(workload -> unfitness(run.arms(workload)).stream()).findFirst());
    }

    private static Optional<String> unfitness(Arm arm) {
        String which = "arm \"" + arm.name() + "\" of target " + arm.target();
        if (!arm.valid()) {
            return Optional.of("it is invalid: " + which + " expected " + arm.expected() + " events, but " + arm.seen() + " were seen and "
                    + arm.lost() + " counted as lost; measure again, and report it as a defect if it stays");
        }
        if (arm.lost() > 0) {
            return Optional.of(which + " lost " + arm.lost() + " of " + arm.expected()
                    + " events, so its time is that of an incomplete trace; measure again with fewer --calls");
        }
        return arm.rounds().size() >= RunCheck.FEWEST_ROUNDS ? Optional.empty()
                : Optional.of(which + " has " + arm.rounds().size() + (arm.rounds().size() == 1 ? " round" : " rounds") + " of at least "
                        + RunCheck.FEWEST_ROUNDS + ", so its figures are less certain than their intervals say; measure again with more --rounds");
    }

    private static Optional<String> unfitness(List<Arm> sameWorkload) {
        String target = "target " + sameWorkload.get(0).target();
        if (sameWorkload.stream().filter(Arm::untraced).count() < 2) {
            return Optional.of("it did not measure " + target + " untraced twice, so nobody knows its noise; adopt a run of ./tracetoll bench");
        }
        return sameWorkload.stream().anyMatch(arm -> !arm.untraced() && !arm.peer()) ? Optional.empty()
                : Optional.of("it did not trace " + target + "; measure with a --technique besides untraced");
    }
}
