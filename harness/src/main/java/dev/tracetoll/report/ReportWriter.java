package dev.tracetoll.report;

import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.StoredRun;
import dev.tracetoll.results.WholeDirectory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes the report of a run as a directory, whole or not at all: a self-contained page, the chart as PNG and SVG for light and dark
 * pages, and the raw data it was made from.
 */
public final class ReportWriter {

    private final WholeDirectory directory;

    /** @param directory where reports are kept, as {@code reports}; made when the first is written */
    public ReportWriter(Path directory) {
        this.directory = new WholeDirectory(directory);
    }

    /**
     * Finds out whether reports can be written here, before there is one. Leaves nothing.
     *
     * @throws dev.tracetoll.problem.Problem if they cannot, as {@link WholeDirectory#requireWritable} says
     */
    public void requireWritable() {
        directory.requireWritable();
    }

    /**
     * Writes the report.
     *
     * @param results a {@code results.json} or the directory of a run; the report gets that directory's name
     * @param exhibits what to show of a run
     * @return the directory of the report
     * @throws dev.tracetoll.problem.BadInput if the results cannot be read, or nothing can be written there
     * @throws dev.tracetoll.problem.MachineCannot if Java finds no fonts
     * @throws dev.tracetoll.problem.OperationFailed if the report cannot be written; nothing stays behind then
     */
    public Path write(Path results, Function<Run, Exhibit> exhibits) {
        StoredRun stored = ResultStore.loadWithFiles(results);
        directory.requireWritable();
        Run run = stored.run();
        Exhibit exhibit = exhibits.apply(run);
        Fonts.require();
        Map<String, byte[]> files = new LinkedHashMap<>(exhibit.documents());
        Map<String, String> charts = new LinkedHashMap<>();
        for (Palette palette : Palette.values()) {
            Picture chart = exhibit.picture(palette, Picture.DEFAULT_WIDTH);
            String shade = palette.name().toLowerCase(Locale.ROOT);
            String name = palette == Palette.LIGHT ? exhibit.name() : exhibit.name() + "-" + shade;
            String svg = chart.svg();
            files.put(name + ".png", chart.png());
            files.put(name + ".svg", Exhibit.bytes(svg));
            charts.put(shade + " wide", svg);
            charts.put(
                    shade + " narrow",
                    exhibit.picture(palette, Picture.NARROW_WIDTH).svg());
        }
        files.putAll(stored.files());
        boolean withJmh = files.containsKey(ResultStore.JMH_FILE);
        files.put("index.html", Exhibit.bytes(new ReportPage(run, exhibit, charts, withJmh).html()));
        return directory.write(name(results), files);
    }

    /** That of the directory which the results lie in; of what lies in the root, nothing is known but that it is a run. */
    private static String name(Path results) {
        Path directory =
                ResultStore.resultsFile(results).toAbsolutePath().normalize().getParent();
        Path run = directory == null ? null : directory.getFileName();
        return run == null ? "run" : run.toString();
    }
}
