package dev.tracetoll.bench.program;

import dev.tracetoll.linux.file.OwnedDirectory;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a process prints, in files: a reader of pipes would take time from what is measured. */
final class Printed {

    /** No more of it is searched for figures, which come at the end or in lines of a log. */
    private static final int MOST_SEARCHED = 16 << 20;

    /** Of its last words. */
    private static final int LAST_LINES = 3;

    private final Path stdout;
    private final Path stderr;

    /** @param name unique in the directory */
    Printed(Path directory, String name) {
        stdout = directory.resolve(name + ".stdout");
        stderr = directory.resolve(name + ".stderr");
    }

    /** A directory for the files of a measurement. */
    static Path directory() {
        return OwnedDirectory.make("tracetoll-program-");
    }

    Redirect stdout() {
        return new Redirect.File(stdout);
    }

    Redirect stderr() {
        return new Redirect.File(stderr);
    }

    /** The lines of both streams, those of the standard output first; of more than 16 MiB the last. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(lines(stdout));
        lines.addAll(lines(stderr));
        return lines;
    }

    private static List<String> lines(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, Files.size(file) - MOST_SEARCHED));
            return new String(in.readNBytes(MOST_SEARCHED), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The last lines of the standard error or, if it has none, of the standard output, as the end of a sentence; nothing if there are none. */
    String lastWords() {
        List<String> said = words(stderr);
        List<String> lines = said.isEmpty() ? words(stdout) : said;
        return lines.isEmpty()
                ? ""
                : "; its last words: "
                        + String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    private static List<String> words(Path file) {
        return lines(file).stream().filter(line -> !line.isBlank()).toList();
    }

    /**
     * A digest of the standard output, by which two outputs are told to be equal.
     *
     * @param figure which lines differ each time, for they have figures, and are left out; empty if there are none
     */
    String digest(Optional<Predicate<String>> figure) {
        MessageDigest digest = sha256();
        if (figure.isPresent()) {
            lines(stdout).stream()
                    .filter(figure.get().negate())
                    .forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        } else {
            try (InputStream in = Files.newInputStream(stdout)) {
                byte[] buffer = new byte[1 << 16];
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    digest.update(buffer, 0, length);
                }
            } catch (IOException e) {
                throw unreadable(stdout, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static OperationFailed unreadable(Path file, IOException e) {
        return new OperationFailed("Reading what was printed from " + file + " failed: " + e.getMessage(), e);
    }

    /** Removes the files, if they are there. */
    void delete() {
        try {
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(stderr);
        } catch (IOException e) {
            throw new OperationFailed("Removing " + stdout + " failed: " + e.getMessage(), e);
        }
    }
}
