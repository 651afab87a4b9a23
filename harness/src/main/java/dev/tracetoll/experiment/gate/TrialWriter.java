package dev.tracetoll.experiment.gate;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.WholeDirectory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Writes what a trial of the gate showed as a directory, whole or not at all: a page in Markdown and the operating curve. */
public final class TrialWriter {

    private final WholeDirectory directory;

    /** @param directory where reports are kept, as {@code reports}; made when the first is written */
    public TrialWriter(Path directory) {
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
     * @param results a {@value TrialStore#TRIAL_FILE} or the directory with it; the report gets that directory's name
     * @return the directory of the report
     * @throws dev.tracetoll.problem.Problem if the trial cannot be read, Java finds no fonts, or the report cannot be written
     */
    public Path write(Path results) {
        GateTrial trial = TrialStore.load(results);
        OperatingCurve curve = new OperatingCurve(trial);
        Fonts.require();
        String name = OperatingCurveDocument.name(curve);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(name + ".md", Exhibit.bytes(new OperatingCurveDocument(curve).markdown()));
        for (Palette palette : Palette.values()) {
            Picture picture = new OperatingCurveChart(curve, palette, Picture.DEFAULT_WIDTH).picture();
            String file = palette == Palette.LIGHT ? name : name + "-dark";
            files.put(file + ".png", picture.png());
            files.put(file + ".svg", Exhibit.bytes(picture.svg()));
        }
        Path file = TrialStore.file(results).toAbsolutePath().normalize();
        Path holding = Objects.requireNonNull(file.getParent(), "a file lies in a directory");
        return directory.write(holding.getFileName().toString(), files);
    }
}
