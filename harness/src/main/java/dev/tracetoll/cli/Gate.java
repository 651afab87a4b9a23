package dev.tracetoll.cli;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.ChangeMarkdown;
import dev.tracetoll.report.ChangeTable;
import dev.tracetoll.report.Changes;
import dev.tracetoll.results.AppendedFile;
import dev.tracetoll.results.Published;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.RunComparison;
import java.nio.file.Path;
import java.util.Optional;

/** Judges a run by the baseline of its environment: has tracing become dearer? */
final class Gate {

    private static final String NO_BASELINE = "none";
    private static final String SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY";

    private final Published published;
    private final String baseline;
    private final Optional<AppendedFile> summary;

    /**
     * @param results where results are kept
     * @param baseline a run to compare with, {@value #NO_BASELINE}, or null for the environment's own
     * @param summary where the comparison is appended in Markdown; null for where the step of a GitHub workflow has its summary, if this is one
     */
    Gate(Path results, String baseline, Path summary) {
        this.published = new Published(results);
        this.baseline = baseline;
        this.summary = Optional.ofNullable(summary)
                .or(() -> Optional.ofNullable(System.getenv(SUMMARY_VARIABLE)).filter(file -> !file.isEmpty()).map(Path::of)).map(AppendedFile::new);
    }

    /**
     * Fails early: a run must not fail after minutes for a baseline that was never there, or a summary that nobody can write.
     *
     * @throws dev.tracetoll.problem.Problem if a baseline was named that cannot be read, or as {@link AppendedFile#requireWritable} says
     */
    void check() {
        named().ifPresent(ResultStore::load);
        if (!NO_BASELINE.equals(baseline)) {
            summary.ifPresent(AppendedFile::requireWritable);
        }
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
        Optional<Path> file = named().or(() -> published.baseline(run.environment().fingerprint()));
        if (file.isEmpty()) {
            String advice = "baseline none of this environment; make this run the one: ./tracetoll baseline adopt " + directory;
            System.out.println(advice);
            summary.ifPresent(to -> to.append(advice + "\n"));
            return 0;
        }
        Run before = ResultStore.load(file.get());
        Changes changes;
        try {
            changes = new Changes(before, run, new RunComparison(RunComparison.DEFAULT_TOLERANCE, run.seed()).compare(before, run));
        } catch (BadInput e) {
            if (named().isPresent()) {
                throw e;
            }
            System.out.println("baseline not compared: " + e.getMessage());
            return 0;
        }
        System.out.println("baseline " + file.get());
        System.out.println();
        System.out.print(new ChangeTable(StandardOutput.style(), StandardOutput.columns()).render(changes));
        summary.ifPresent(to -> to.append(new ChangeMarkdown().render(changes)));
        return changes.change().verdict().exitCode();
    }
}
