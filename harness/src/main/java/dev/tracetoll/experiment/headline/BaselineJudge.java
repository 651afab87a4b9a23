package dev.tracetoll.experiment.headline;

import dev.tracetoll.compare.RunComparison;
import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.ChangeMarkdown;
import dev.tracetoll.report.ChangeScreen;
import dev.tracetoll.report.Changes;
import dev.tracetoll.results.AppendedFile;
import dev.tracetoll.results.Published;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import java.nio.file.Path;
import java.util.Optional;

/** Judges a run by the baseline of its environment: has tracing become dearer? */
final class BaselineJudge implements BenchExperiment.Judge {

    private static final String NO_BASELINE = "none";
    private static final String SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY";

    private final Published published;
    private final Optional<String> baseline;
    private final Optional<AppendedFile> summary;
    private final Screen screen;

    /**
     * @param results where results are kept
     * @param baseline a run to compare with, or {@value #NO_BASELINE}; empty for the environment's own
     * @param summary where the comparison is appended in Markdown; empty for where the step of a GitHub workflow has its summary, if this is one
     */
    BaselineJudge(Path results, Optional<String> baseline, Optional<Path> summary, Screen screen) {
        this.published = new Published(results);
        this.baseline = baseline;
        this.screen = screen;
        this.summary = summary.or(() -> Optional.ofNullable(System.getenv(SUMMARY_VARIABLE))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of))
                .map(AppendedFile::new);
    }

    /**
     * Fails early: a run must not fail after minutes for a baseline that was never there, or a summary that nobody can write.
     *
     * @throws dev.tracetoll.problem.Problem if a baseline was named that cannot be read, or as {@link AppendedFile#requireWritable} says
     */
    void check() {
        named().ifPresent(ResultStore::load);
        if (!unwanted()) {
            summary.ifPresent(AppendedFile::requireWritable);
        }
    }

    private boolean unwanted() {
        return baseline.filter(NO_BASELINE::equals).isPresent();
    }

    private Optional<Path> named() {
        return baseline.filter(name -> !name.equals(NO_BASELINE)).map(Path::of);
    }

    /**
     * Compares.
     *
     * @throws BadInput if the baseline cannot be read, or one was named that the run cannot be compared with
     */
    @Override
    public int judge(Run run, Path directory) {
        if (unwanted()) {
            return 0;
        }
        Optional<Path> file =
                named().or(() -> published.baseline(run.environment().fingerprint()));
        if (file.isEmpty()) {
            String advice =
                    "baseline none of this environment; make this run the one: ./tracetoll baseline adopt " + directory;
            System.out.println(advice);
            summary.ifPresent(to -> to.append(advice + "\n"));
            return 0;
        }
        Run before = ResultStore.load(file.get());
        Changes changes;
        try {
            changes = new Changes(
                    before, run, new RunComparison(RunComparison.DEFAULT_TOLERANCE, run.seed()).compare(before, run));
        } catch (BadInput e) {
            if (named().isPresent()) {
                throw e;
            }
            System.out.println("baseline not compared: " + e.getMessage());
            return 0;
        }
        System.out.println("baseline " + file.get());
        System.out.println();
        System.out.print(new ChangeScreen(screen).render(changes));
        summary.ifPresent(to -> to.append(new ChangeMarkdown().render(changes)));
        return changes.change().verdict().exitCode();
    }
}
