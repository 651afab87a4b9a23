package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tracetoll.cli.ToolServer;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.testing.OneAtATime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report of all that a team measured in a year is made while one waits, and opens on a telephone. */
@OneAtATime
class ReportSizeIT {

    private static final int RESULTS = Tries.wanted(15, 50);
    private static final int ENVIRONMENTS = 10;
    private static final long MOST_BYTES = 2_000_000;

    /** Many times what it may take on a quiet machine: here others are at work. */
    private static final Duration LONGEST = Duration.ofSeconds(100);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PUBLISHED =
            Path.of(System.getProperty("tracetoll.home")).resolve("results/published");

    @TempDir
    private Path directory;

    private static Path published(String ending) throws IOException {
        try (Stream<Path> directories = Files.walk(PUBLISHED, 2)) {
            return directories
                    .filter(each -> each.getFileName().toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow()
                    .resolve(ResultStore.RESULTS_FILE);
        }
    }

    /** A published run as if it had been measured on another day, on another machine. */
    private Path another(Path like, int number) throws IOException {
        ObjectNode run = (ObjectNode) JSON.readTree(like.toFile());
        Instant started = Instant.parse(run.get("started").asText()).plus(Duration.ofDays(number));
        run.put("started", started.toString());
        ((ObjectNode) run.get("environment")).put("cpuModel", "Example CPU " + number % ENVIRONMENTS);
        Path file = Files.createDirectories(directory.resolve("results").resolve("run-" + number))
                .resolve(ResultStore.RESULTS_FILE);
        JSON.writeValue(file.toFile(), run);
        return file;
    }

    @Test
    void manyResultsTakeSecondsAndAPageIsSmall() throws IOException {
        List<Path> likes = List.of(published("-headline"), published("-ladder"), published("-headline"));
        Path out = directory.resolve("reports");
        List<String> arguments = new ArrayList<>(List.of("report", "--out", out.toString()));
        for (int i = 0; i < RESULTS; i++) {
            arguments.add(another(likes.get(i % likes.size()), i).toString());
        }

        long before = System.nanoTime();
        ToolServer.Ended ended = ToolServer.run(arguments, directory);
        Duration took = Duration.ofNanos(System.nanoTime() - before);

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        List<Path> pages;
        try (Stream<Path> files = Files.walk(out)) {
            pages = files.filter(file -> file.toString().endsWith(".html")).toList();
        }
        long largest = 0;
        for (Path page : pages) {
            largest = Math.max(largest, Files.size(page));
        }
        System.out.println("a report of " + RESULTS + " results took " + took.toMillis() + " ms; its largest page of "
                + pages.size() + " has " + largest + " bytes");
        assertThat(pages).hasSize(1);
        assertThat(largest).isLessThan(MOST_BYTES);
        assertThat(took).isLessThan(LONGEST);
    }
}
