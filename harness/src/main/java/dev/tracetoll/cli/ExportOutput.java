package dev.tracetoll.cli;

import dev.tracetoll.export.Export;
import dev.tracetoll.export.ExportFormat;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.results.OwnDirectory;
import dev.tracetoll.results.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs in the format of another tool, on standard output or as a directory; what is left out is said on stderr. */
final class ExportOutput {

    private ExportOutput() {}

    /**
     * Writes them.
     *
     * @param out the directory, in which an earlier export is replaced; null for standard output
     * @throws dev.tracetoll.problem.Problem if results cannot be read or exported, or the directory cannot be written
     */
    static void write(ExportFormat format, List<Path> results, @Nullable Path out) {
        Export export = format.of(results.stream().map(ResultStore::load).toList());
        if (out == null) {
            System.out.print(export.text());
        } else {
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(export.file(), Exhibit.bytes(export.text()));
            export.besides().forEach((name, text) -> files.put(name, Exhibit.bytes(text)));
            System.out.println(new OwnDirectory(out, "export", directory -> holdsNothingBut(files.keySet(), directory))
                    .write(() -> files)
                    .resolve(export.file()));
        }
        export.leftOut().forEach(line -> System.err.println("tracetoll: " + line));
    }

    private static boolean holdsNothingBut(Set<String> names, Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.allMatch(entry -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                    && names.contains(entry.getFileName().toString()));
        }
    }
}
