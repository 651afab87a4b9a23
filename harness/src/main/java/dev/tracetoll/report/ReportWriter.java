package dev.tracetoll.report;

import dev.tracetoll.results.OwnDirectory;
import dev.tracetoll.results.WholeDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writes reports as directories, whole or not at all: a self-contained page, its charts as PNG and SVG for light and dark pages, the figures as
 * Markdown and CSV, and the results that all of it was made from.
 */
public final class ReportWriter {

    /** The page. */
    public static final String PAGE = "index.html";
    /** The directory of a report that holds the results it was made from, a directory each. */
    public static final String RESULTS = "results";

    /** What tells a page of ours, and so a directory that we may replace. */
    public static final String MADE_BY = "<meta name=\"generator\" content=\"Tracetoll\">";

    private static final String MARKDOWN = "report.md";
    /** Every figure. */
    static final String DATA = "data.csv";

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
     * Writes a report beside others; nothing is overwritten.
     *
     * @param name what its directory is called
     * @param chapters what it is of, one at least
     * @return the directory of the report
     * @throws dev.tracetoll.problem.BadInput if nothing can be written there
     * @throws dev.tracetoll.problem.MachineCannot if Java finds no fonts
     * @throws dev.tracetoll.problem.OperationFailed if the report cannot be written; nothing stays behind then
     */
    public Path write(String name, List<Chapter> chapters) {
        directory.requireWritable();
        return directory.write(name, files(chapters));
    }

    /**
     * Writes a report into a directory of its own, in the place of the report that is there, if there is one.
     *
     * @param report the directory
     * @param chapters what it is of, one at least
     * @return the directory
     * @throws dev.tracetoll.problem.BadInput if something else is there, or nothing can be written there
     * @throws dev.tracetoll.problem.MachineCannot if Java finds no fonts
     * @throws dev.tracetoll.problem.OperationFailed if the report cannot be written; the old one is untouched then
     */
    public static Path replace(Path report, List<Chapter> chapters) {
        return own(report).write(() -> files(chapters));
    }

    /**
     * The directory that somebody has named for a report, or for another page of ours.
     *
     * @throws dev.tracetoll.problem.BadInput if something else is there, or nothing can be written there
     */
    public static OwnDirectory own(Path report) {
        return new OwnDirectory(
                report,
                "report",
                directory -> Files.readString(directory.resolve(PAGE), StandardCharsets.UTF_8)
                        .contains(MADE_BY));
    }

    /** All files of a report, by name. */
    static Map<String, byte[]> files(List<Chapter> chapters) {
        Fonts.require();
        Map<String, byte[]> files = new LinkedHashMap<>();
        Contents contents = Contents.of(chapters);
        for (Chapter chapter : contents.whole()) {
            files.putAll(chapter.exhibit().documents());
        }
        // Most of the time goes into drawing pictures and compressing them, and the page has some of its own.
        Stream.concat(
                        Stream.<Supplier<Map<String, byte[]>>>of(
                                () -> Map.of(PAGE, Exhibit.bytes(new ReportPage(contents).html()))),
                        contents.whole().stream()
                                .flatMap(chapter -> chapter.exhibit().graphics().stream())
                                .map(graphic -> graphic::files))
                .toList()
                .parallelStream()
                .map(Supplier::get)
                .toList()
                .forEach(files::putAll);
        for (Chapter chapter : contents.all()) {
            chapter.files().forEach((name, content) -> files.put(RESULTS + "/" + chapter.name() + "/" + name, content));
        }
        files.put(DATA, Exhibit.bytes(DataFile.of(contents)));
        files.put(MARKDOWN, Exhibit.bytes(new ReportMarkdown(contents).markdown()));
        return files;
    }
}
