package dev.tracetoll.history;

import dev.tracetoll.report.Exhibit;
import dev.tracetoll.report.Fonts;
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
     * Writes the history.
     *
     * @param results for each run its {@code results.json} or directory, in any order
     * @return the page
     * @throws dev.tracetoll.problem.BadInput if results cannot be read or make no {@linkplain History#of history}, or nothing can be written there
     * @throws dev.tracetoll.problem.MachineCannot if Java finds no fonts
     * @throws dev.tracetoll.problem.OperationFailed if the report cannot be written; nothing stays behind then
     */
    public Path write(List<Path> results) {
        List<Run> runs = results.stream().map(ResultStore::load).toList();
        directory.requireWritable();
        Fonts.require();
        History history = History.of(runs);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("index.html", Exhibit.bytes(new HistoryPage(history).html()));
        files.put("history.md", Exhibit.bytes(HistoryMarkdown.of(history)));
        files.put("history.csv", Exhibit.bytes(HistoryCsv.of(history)));
        Run newest = history.runs().get(history.runs().size() - 1);
        return directory
                .write(TIME.format(newest.started()) + "-" + history.experiment() + "-history", files)
                .resolve("index.html");
    }
}
