package dev.tracetoll.experiment;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.text.Screen;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

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
     * What has changed from some results to others.
     *
     * @param text for a terminal
     * @param markdown for a page
     * @param verdict what it comes to
     */
    record Compared(Function<Screen, String> text, String markdown, Verdict verdict) {}

    /**
     * Compares results that have a file of their own.
     *
     * @param before the {@linkplain #file() file} of the earlier ones, or its directory
     * @param after the later ones
     * @param tolerance a change by less than this share does not matter
     * @throws dev.tracetoll.problem.Problem if they cannot be read or compared
     */
    default Compared compare(Path before, Path after, double tolerance) {
        throw new BadInput("The results " + after + " are of " + name()
                + ", of which two are not compared; compare runs of bench, or tunings");
    }

    /**
     * What a report shows of results.
     *
     * @param results their {@linkplain #file() file}, or its directory
     * @throws dev.tracetoll.problem.Problem if the results cannot be read
     */
    Chapter chapter(Path results);

    /**
     * Writes the report of results.
     *
     * @param results their {@linkplain #file() file}, or its directory
     * @param reports where reports are kept
     * @return what a reader is to open
     * @throws dev.tracetoll.problem.Problem if the results cannot be read, or the report cannot be written
     */
    default Path report(Path results, Path reports) {
        Chapter chapter = chapter(results);
        return new ReportWriter(reports).write(chapter.name(), List.of(chapter)).resolve(ReportWriter.PAGE);
    }
}
