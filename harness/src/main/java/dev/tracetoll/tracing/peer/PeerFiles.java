package dev.tracetoll.tracing.peer;

import dev.tracetoll.linux.file.OwnedDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a tool that runs. */
final class PeerFiles {

    private static final int LAST_LINES = 3;
    private static final String PREFIX = "tracetoll-peer-";

    private PeerFiles() {}

    /** A new directory for them. */
    static Path directory() {
        return OwnedDirectory.make(PREFIX);
    }

    /** The last lines that the tool wrote, in one. */
    static String lastWords(PeerTask task) {
        List<String> lines = Stream.of(task.errors(), task.output())
                .flatMap(PeerFiles::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.isEmpty()
                ? "it said nothing"
                : "it said: " + String.join(" / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    private static Stream<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
