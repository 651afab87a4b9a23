package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.experiment.tune.Tuning;
import dev.tracetoll.experiment.tune.TuningStore;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsEbpf
@BesideOthers
class TuneCommandIT {

    @TempDir
    private Path directory;

    @Test
    void advisesWhatHoldsWhatComesAndAccountsForEachRecord() throws IOException {
        int exitCode = Main.run(
                "tune",
                "--rate",
                "20000",
                "--policy",
                "ring-every-1ms",
                "--policy",
                "ringbuf-each",
                "--budget",
                "15s",
                "--seed",
                "7",
                "--out",
                directory.toString());

        Tuning tuning = TuningStore.load(only("results"));
        assertThat(tuning.tried()).extracting(Tuning.Tried::policy).containsExactly("ring-every-1ms", "ringbuf-each");
        assertThat(tuning.callsPerSecond()).isBetween(15_000.0, 21_000.0);
        assertThat(tuning.rounds()).isGreaterThanOrEqualTo(3);
        assertThat(tuning.tried()).allSatisfy(tried -> {
            assertThat(tried.calls()).isEqualTo(tuning.rounds() * 8_000L);
            assertThat(tried.overheadNs().median()).isPositive();
            assertThat(Long.bitCount(tried.bytes())).isEqualTo(1);
        });
        assertThat(tuning.curves()).isNotEmpty();
        assertThat(exitCode).isEqualTo(tuning.advice().isPresent() ? 0 : 4);
        assertThat(only("reports")).isDirectoryContaining("glob:**/tuning.md");

        // As anybody makes it anew.
        assertThat(Main.run(
                        "report",
                        only("results").toString(),
                        "--out",
                        directory.resolve("again").toString()))
                .isZero();
    }

    @Test
    void whatTheReaderCannotHoldIsNotAdvised() {
        assertThat(Main.run(
                        "tune",
                        "--rate",
                        "200000",
                        "--stall",
                        "100ms",
                        "--stall-every",
                        "101ms",
                        "--payload",
                        "16384",
                        "--policy",
                        "ringbuf-every-1ms",
                        "--budget",
                        "20s",
                        "--out",
                        directory.toString()))
                .isEqualTo(4);
    }

    @Test
    void theModelCanBeChecked() throws IOException {
        assertThat(Main.run("tune", "--check", "1", "--seed", "3", "--out", directory.toString()))
                .isZero();

        assertThat(only("results")).isDirectoryContaining("glob:**/tuning-check.json");
        assertThat(only("reports")).isDirectoryContaining("glob:**/tuning-check.md");
    }

    @Test
    void nonsenseIsRefusedInOneLine() {
        for (List<String> wrong : List.of(
                List.of("2", "--threads", "0"),
                List.of("2", "--payload", "8"),
                List.of("2", "--rate", "0", "--arrivals", "bursts"),
                List.of("2", "--policy", "ring"),
                List.of("2", "--stall-every", "1s"),
                List.of("2", "--stall", "1s", "--stall-every", "1s"),
                List.of("2", "--safety", "0.5"),
                List.of("4", "--budget", "1s"))) {
            List<String> arguments = Stream.concat(
                            Stream.of("tune", "--out", directory.toString()),
                            wrong.stream().skip(1))
                    .toList();
            ToolServer.Ended ended = ToolServer.run(arguments, directory);
            assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(Integer.parseInt(wrong.get(0)));
            assertThat(ended.errors().lines()).singleElement().asString().contains(wrong.get(1));
        }
        assertThat(directory.resolve("results")).doesNotExist();
    }

    private Path only(String kind) throws IOException {
        try (Stream<Path> directories = Files.list(directory.resolve(kind))) {
            List<Path> all = directories.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
