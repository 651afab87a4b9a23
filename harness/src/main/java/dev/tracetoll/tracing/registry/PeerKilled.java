package dev.tracetoll.tracing.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of Go programs when another tool was killed by SIGKILL while it traced them, as a test saw it that does that: it kills the tool at
 * random moments while the program makes traced calls, and then asks the program for more of them.
 *
 * @param technique which tool, and how it traced
 * @param version of the tool, as {@code 1.27.1}
 * @param tried how often it was killed
 * @param ranOn how many of the programs went on as if nothing had been
 * @param died how many died
 * @param hung how many stood still
 * @param how they died, as {@code exited with code 2, SIGTRAP}, where Go's runtime said so; empty if none did
 */
public record PeerKilled(String technique, String version, int tried, int ranOn, int died, int hung, String how) {

    /** A line for each, after one with the names of the columns; {@code PeerKilledIT} writes it, if it is asked to. */
    private static final String RECORD = "peers-killed.tsv";

    private static final List<String> COLUMNS =
            List.of("technique", "version", "tried", "ran on", "died", "hung", "how");

    public PeerKilled {
        if (ranOn + died + hung != tried || tried < 1) {
            throw new IllegalArgumentException(
                    technique + " was killed " + tried + " times, and not " + (ranOn + died + hung) + " times");
        }
    }

    /** What was seen of a technique; empty if it was not tried. */
    public static Optional<PeerKilled> of(String technique) {
        return published().stream()
                .filter(each -> each.technique.equals(technique))
                .findFirst();
    }

    /** Everything that was seen. */
    public static List<PeerKilled> published() {
        try (InputStream record = PeerKilled.class.getResourceAsStream(RECORD)) {
            return new String(record.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(PeerKilled::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PeerKilled parse(String line) {
        String[] cells = line.split("\t", -1);
        return new PeerKilled(
                cells[0],
                cells[1],
                Integer.parseInt(cells[2]),
                Integer.parseInt(cells[3]),
                Integer.parseInt(cells[4]),
                Integer.parseInt(cells[5]),
                cells[6]);
    }

    /** As the record has them, a line for each. */
    public static String record(List<PeerKilled> all) {
        return Stream.concat(
                        Stream.of(String.join("\t", COLUMNS)),
                        all.stream()
                                .map(each -> String.join(
                                        "\t",
                                        each.technique,
                                        each.version,
                                        "" + each.tried,
                                        "" + each.ranOn,
                                        "" + each.died,
                                        "" + each.hung,
                                        each.how)))
                .map(line -> line + "\n")
                .reduce("", String::concat);
    }

    /** What becomes of the program, in a sentence. */
    public String inWords() {
        if (ranOn == tried) {
            return "It runs on.";
        }
        if (died == tried) {
            return "It dies: it " + how + ".";
        }
        List<String> parts = new ArrayList<>();
        if (ranOn > 0) {
            parts.add("ran on " + times(ranOn));
        }
        if (died > 0) {
            parts.add("died " + times(died) + " (" + how + ")");
        }
        if (hung > 0) {
            parts.add("stood still " + times(hung));
        }
        return "It " + String.join(", ", parts) + ".";
    }

    private static String times(int of) {
        return of == 1 ? "once" : of + " times";
    }
}
