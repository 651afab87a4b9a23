package dev.tracetoll.cli;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Change;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.RunChange;
import dev.tracetoll.results.RunComparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/** Judges a run by the baseline of its environment: has tracing become dearer? */
final class Gate {

    private static final String NO_BASELINE = "none";
    private static final String SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY";

    private final Path results;
    private final String baseline;
    private final Optional<Path> summary;

    /**
     * @param results where results are kept
     * @param baseline a run to compare with, {@value #NO_BASELINE}, or null for the environment's own
     * @param summary where the comparison is appended in Markdown; null for where the step of a GitHub workflow has its summary, if this is one
     */
    Gate(Path results, String baseline, Path summary) {
        this.results = results;
        this.baseline = baseline;
        this.summary = Optional.ofNullable(summary)
                .or(() -> Optional.ofNullable(System.getenv(SUMMARY_VARIABLE)).filter(file -> !file.isEmpty()).map(Path::of));
    }

    /**
     * Fails early: a run must not fail after minutes for a baseline that was never there.
     *
     * @throws BadInput if a baseline was named that cannot be read
     */
    void check() {
        named().ifPresent(ResultStore::load);
    }

    private Optional<Path> named() {
        return Optional.ofNullable(baseline).filter(name -> !name.equals(NO_BASELINE)).map(Path::of);
    }

    /**
     * Compares, and prints what comes of it.
     *
     * @param directory where the run is stored
     * @return the exit code
     * @throws BadInput if the baseline cannot be read, or one was named that the run cannot be compared with
     */
    int judge(Run run, Path directory) {
        if (NO_BASELINE.equals(baseline)) {
            return 0;
        }
        Optional<Path> file = named().or(() -> Optional.of(results.resolve("published").resolve(run.environment().fingerprint()).resolve("baseline")
                .resolve(ResultStore.RESULTS_FILE)).filter(Files::exists));
        if (file.isEmpty()) {
            String advice = "baseline none of this environment; make this run the one: ./tracetoll baseline adopt " + directory;
            System.out.println(advice);
            summary.ifPresent(to -> append(to, advice + "\n"));
            return 0;
        }
        Run before = ResultStore.load(file.get());
        RunChange change;
        try {
            change = new RunComparison(RunComparison.DEFAULT_TOLERANCE, run.seed()).compare(before, run);
        } catch (BadInput e) {
            if (named().isPresent()) {
                throw e;
            }
            System.out.println("baseline not compared: " + e.getMessage());
            return 0;
        }
        System.out.println("baseline " + file.get());
        System.out.println();
        StringBuilder markdown = new StringBuilder("| arm | target | ratio | verdict |\n| --- | --- | --- | --- |\n");
        for (Change each : change.changes()) {
            String ratio = String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", each.ratio().median(), each.ratio().low(), each.ratio().high());
            System.out.println(each.arm() + " on " + each.workload().target() + ": " + ratio + ", " + each.verdict().inWords());
            markdown.append("| ").append(String.join(" | ", each.arm(), each.workload().target(), ratio, each.verdict().inWords())).append(" |\n");
        }
        System.out.println(change.verdict().inWords());
        summary.ifPresent(to -> append(to, markdown.append('\n').append(change.verdict().inWords()).append('\n').toString()));
        return switch (change.verdict()) {
            case FINE, CHEAPER -> 0;
            case DEARER -> 3;
            case INCONCLUSIVE -> 4;
        };
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new OperationFailed("Cannot append the comparison to " + file + ": " + e.getMessage() + "; the results are stored nevertheless", e);
        }
    }
}
