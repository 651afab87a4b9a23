package dev.tracetoll.history;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.WholeDirectory;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the history of runs as a directory, whole or not at all: a self-contained page, and its figures as Markdown and as CSV. */
public final class HistoryWriter {

    /** Of the newest run, as directories of runs are named. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final WholeDirectory directory;

    /** @param directory where reports are kept, as {@code reports}; made when the first is written */
    public HistoryWriter(Path directory) {
        this.directory = new WholeDirectory(directory);
    }

    /**
     * Writes the history beside other reports; nothing is overwritten.
     *
     * @param results for each run its {@code results.json} or directory, in any order
     * @return the page
     * @throws dev.tracetoll.problem.BadInput if results cannot be read or make no {@linkplain History#of history}, or nothing can be written there
     * @throws dev.tracetoll.problem.MachineCannot if Java finds no fonts
     * @throws dev.tracetoll.problem.OperationFailed if the report cannot be written; nothing stays behind then
     */
    public Path write(List<Path> results) {
        List<Run> runs = load(results);
        directory.requireWritable();
        History history = History.of(runs);
        Run newest = history.runs().get(history.runs().size() - 1);
        return directory
                .write(TIME.format(newest.started()) + "-" + history.experiment() + "-history", files(history))
                .resolve(ReportWriter.PAGE);
    }

    /**
     * Writes the history into a directory of its own, in the place of the report that is there, if there is one.
     *
     * @return the page
     * @throws dev.tracetoll.problem.BadInput as above, or if something else is there
     * @throws dev.tracetoll.problem.MachineCannot if Java finds no fonts
     * @throws dev.tracetoll.problem.OperationFailed if the report cannot be written; the old one is untouched then
     */
    public static Path replace(Path report, List<Path> results) {
        History history = History.of(load(results));
        return ReportWriter.own(report).write(() -> files(history)).resolve(ReportWriter.PAGE);
    }

    private static List<Run> load(List<Path> results) {
        return results.stream().map(ResultStore::load).toList();
    }

    private static Map<String, byte[]> files(History history) {
        Fonts.require();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(ReportWriter.PAGE, Exhibit.bytes(new HistoryPage(history).html()));
        files.put("history.md", Exhibit.bytes(HistoryMarkdown.of(history)));
        files.put("history.csv", Exhibit.bytes(HistoryCsv.of(history)));
        return files;
    }
}
