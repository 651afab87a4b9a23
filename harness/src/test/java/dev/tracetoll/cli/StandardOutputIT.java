package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.ToolCommand;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever prints its result to standard output has failed if it cannot. */
@BesideOthers
class StandardOutputIT {

    @TempDir
    private Path directory;

    private record Ended(int exitCode, String err) {}

    private List<String> command(String words) throws IOException {
        Path run = new ResultStore(directory.resolve("results"))
                .save(
                        SampleRuns.headline(),
                        "bench",
                        Map.of(ResultStore.JMH_FILE, "[]".getBytes(StandardCharsets.UTF_8)));
        return ToolCommand.of(List.of(words.replace("RUN", run.toString())
                .replace("OUT", directory.resolve("out").toString())
                .split(" ")));
    }

    private Ended run(List<String> command, ProcessBuilder.Redirect out) throws IOException, InterruptedException {
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(Surroundings.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(err));
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "A command prints to a full disk",
            promise = "one line and exit code 1")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "doctor",
                "doctor --format json",
                "compare RUN RUN",
                "compare RUN RUN --format markdown",
                "report RUN --out OUT",
                "baseline adopt RUN --out OUT",
                "baseline show --out OUT",
                "baseline list --out OUT",
                "--help",
                "bench --help",
                "--version"
            })
    void aFullDiskIsAFailure(String words) throws Exception {
        Ended ended = run(command(words), ProcessBuilder.Redirect.to(new File("/dev/full")));
        assertThat(ended.err().lines())
                .as(ended.err())
                .singleElement()
                .asString()
                .isEqualTo("tracetoll: cannot write to standard output: No space left on device; send it elsewhere");
        assertThat(ended.exitCode()).isEqualTo(1);
    }

    @Test
    void whoeverStopsReadingGotWhatTheyWanted() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "\"$@\" | head -n 1 >\"$0\"",
                directory.resolve("out").toString()));
        command.addAll(command("doctor"));
        Ended ended = run(command, ProcessBuilder.Redirect.DISCARD);
        assertThat(ended.err()).isEmpty();
        assertThat(directory.resolve("out")).content().contains("Linux").hasLineCount(1);
    }
}
