package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.experiment.tune.Tuning;
import dev.tracetoll.experiment.tune.TuningStore;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.testing.TraceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    private ToolServer.Ended tune(String... arguments) {
        return ToolServer.run(
                Stream.concat(Stream.of("tune", "--out", directory.toString()), Stream.of(arguments))
                        .toList(),
                directory);
    }

    private ProcessResult ofAProgram(String... arguments) throws Exception {
        Process process = new ProcessBuilder(ToolCommand.of(Stream.concat(
                                Stream.of(
                                        "tune",
                                        "--policy",
                                        "ring-every-1ms",
                                        "--policy",
                                        "ringbuf-each",
                                        "--budget",
                                        "15s",
                                        "--out",
                                        directory.toString()),
                                Stream.of(arguments))
                        .toList()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ProcessResult(process.waitFor(), said);
    }

    private record ProcessResult(int exitCode, String said) {}

    /** Each call and each return is counted, whatever is sampled meanwhile; and the advice can be followed at once. */
    @Test
    void aProgramIsObservedAtThePriceOfCountingAndGetsItsBuffer() throws Exception {
        Path program = GoProgram.build("traced", directory);
        int calls = 100_000;

        ProcessResult tuned = ofAProgram(
                "--function",
                "^main\\.add$",
                "--duration",
                "5m",
                "--verify",
                program.toString(),
                "busy",
                Integer.toString(calls));

        assertThat(tuned.exitCode()).as(tuned.said()).isZero();
        Tuning tuning = TuningStore.load(only("results"));
        assertThat(tuning.setting()).contains(program + " did, 200\u202f000 calls and returns in ");
        assertThat(tuning.recordBytes()).isBetween(16, 128);
        assertThat(tuning.verified()).isNotNull();
        Tuning.Tried own = tuning.tried().get(0);
        assertThat(own.readerNsPerRecord())
                .as("a reader that writes events out, not one that throws them away")
                .isGreaterThan(2 * tuning.tried().get(1).readerNsPerRecord());

        Path events = directory.resolve("events");
        Process trace = TraceProcess.start(
                directory,
                List.of(
                        "--tuning",
                        only("results").toString(),
                        "--format",
                        "json",
                        "--output",
                        events.toString(),
                        "--function",
                        "^main\\.add$",
                        program.toString(),
                        "busy",
                        "1000"));
        assertThat(trace.waitFor())
                .as(Files.readString(directory.resolve("err")))
                .isZero();
        assertThat(events).isNotEmptyFile();
    }

    @Test
    void whatIsNotCalledNeedsNoBuffer() throws Exception {
        Path program = GoProgram.build("traced", directory);

        ProcessResult tuned = ofAProgram("--function", "^main\\.add$", program.toString(), "busy", "0");

        assertThat(tuned.exitCode()).as(tuned.said()).isEqualTo(4);
        assertThat(tuned.said()).contains("None of the 1 functions that match was called within");
        assertThat(directory.resolve("results")).doesNotExist();
    }

    @Test
    void oneSourceOfArrivalsIsEnough() {
        for (List<String> wrong : List.of(
                List.of(
                        "--rate says when records come, and so does --function",
                        "--rate",
                        "5",
                        "--function",
                        ".",
                        "--pid",
                        "1"),
                List.of("--function needs a PROGRAM to launch, or the --pid", "--function", "."),
                List.of("give either --pid or a PROGRAM", "--function", ".", "--pid", "1", "/bin/true"),
                List.of("--function says", "--pid", "1"),
                List.of(
                        "--threads says when records come, and so does --from-trace",
                        "--threads",
                        "2",
                        "--from-trace",
                        "x"),
                List.of(
                        "no --placement nowhere; there are unpinned, one-core and two-cores",
                        "--placement",
                        "nowhere"))) {
            ToolServer.Ended ended = tune(wrong.stream().skip(1).toArray(String[]::new));
            assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(2);
            assertThat(ended.errors()).contains(wrong.get(0));
        }
    }

    private Path only(String kind) throws IOException {
        try (Stream<Path> directories = Files.list(directory.resolve(kind))) {
            List<Path> all = directories.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
