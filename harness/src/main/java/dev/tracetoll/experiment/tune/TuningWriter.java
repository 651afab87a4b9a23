package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.WholeDirectory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Writes what a tuning found as a directory, whole or not at all. */
public final class TuningWriter {

    private final WholeDirectory directory;

    /** @param directory where reports are kept, as {@code reports}; made when the first is written */
    public TuningWriter(Path directory) {
        this.directory = new WholeDirectory(directory);
    }

    /**
     * Finds out whether it can be written here, before there is anything to write. Leaves nothing.
     *
     * @throws dev.tracetoll.problem.Problem if it cannot, as {@link WholeDirectory#requireWritable} says
     */
    public void requireWritable() {
        directory.requireWritable();
    }

    /**
     * Writes it.
     *
     * @param results a {@value TuningStore#TUNING_FILE} or the directory with it; the report gets that directory's name
     * @return the directory of the report
     * @throws dev.tracetoll.problem.Problem if the tuning cannot be read, or the report cannot be written
     */
    public Path write(Path results) {
        Tuning tuning = TuningStore.load(results);
        Fonts.require();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(TuningDocument.NAME + ".md", Exhibit.bytes(new TuningDocument(tuning).markdown()));
        for (Palette palette : Palette.values()) {
            TuningChart chart = new TuningChart(tuning, palette, Picture.DEFAULT_WIDTH);
            put(files, TuningDocument.CURVES, palette, chart.curves());
            put(files, TuningDocument.POLICIES, palette, chart.policies());
            put(files, TuningDocument.LATENCY, palette, chart.latency());
        }
        return write(TuningStore.file(results, TuningStore.TUNING_FILE), files);
    }

    /**
     * Writes what a check of the model found.
     *
     * @param results a {@value TuningCheck#FILE} or the directory with it; the report gets that directory's name
     * @return the directory of the report
     * @throws dev.tracetoll.problem.Problem if the check cannot be read, or the report cannot be written
     */
    public Path writeCheck(Path results) {
        return write(
                TuningStore.file(results, TuningCheck.FILE),
                Map.of(
                        CheckDocument.NAME + ".md",
                        Exhibit.bytes(new CheckDocument(TuningStore.loadCheck(results)).markdown())));
    }

    private static void put(Map<String, byte[]> files, String name, Palette palette, Picture picture) {
        String file = palette == Palette.LIGHT ? name : name + "-dark";
        files.put(file + ".png", picture.png());
        files.put(file + ".svg", Exhibit.bytes(picture.svg()));
    }

    private Path write(Path file, Map<String, byte[]> files) {
        Path holding =
                Objects.requireNonNull(file.toAbsolutePath().normalize().getParent(), "a file lies in a directory");
        return directory.write(holding.getFileName().toString(), files);
    }
}
