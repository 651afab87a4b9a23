package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.PeerTools;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.tracing.peer.PeerTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends a command at each step of its writing, by strace, which sends it a signal at a system call of our choice. */
@BesideOthers
class InterruptedSavingIT {

    /** How often adopting waits for the disk: a trial file and its directory, two files and theirs; then, names changed, the parent. */
    private static final int SYNCS = 6;

    private static final int FIRST_AFTER_TRIAL = 3;

    @TempDir
    private Path directory;

    private Path run;
    private Path baseline;
    private Path ofEnvironment;

    @BeforeEach
    void adoptABaseline() {
        PeerTools.require(PeerTool.STRACE);
        ResultStore store = new ResultStore(directory.resolve("results"));
        Path first = store.save(
                SampleRuns.headline(), "first", Map.of(ResultStore.JMH_FILE, "[1]".getBytes(StandardCharsets.UTF_8)));
        Run like = SampleRuns.headline();
        run = store.save(
                new Run(
                        like.schemaVersion(),
                        like.tracetoll(),
                        like.started().plusSeconds(60),
                        like.environment(),
                        like.experiment(),
                        like.command(),
                        like.seed(),
                        like.budgetNs(),
                        like.stopped(),
                        like.arms(),
                        like.comparisons(),
                        like.warnings()),
                "second",
                Map.of(ResultStore.JMH_FILE, "[2]".getBytes(StandardCharsets.UTF_8)));
        assertThat(adopt(first)).isZero();
        ofEnvironment = directory
                .resolve("results/published")
                .resolve(SampleRuns.environment().fingerprint());
        baseline = ofEnvironment.resolve("baseline");
    }

    /** The exit code of whoever adopts a run undisturbed. */
    private int adopt(Path undisturbed) {
        return ToolServer.run(
                        List.of("baseline", "adopt", undisturbed.toString(), "--out", directory.toString()), directory)
                .exitCode();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> children = Files.list(ofEnvironment)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> !name.equals("baseline"))
                    .toList();
        }
    }

    /** Adopts the second run, and is sent a signal when it makes a system call for the n-th time. */
    private void adopt(String systemCall, String signal, int n) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                directory.resolve("calls").toString(),
                "-e",
                "trace=fsync,renameat2",
                "-e",
                "inject=" + systemCall + ":signal=" + signal + ":when=" + n));
        command.addAll(ToolCommand.of(List.of("baseline", "adopt", run.toString(), "--out", directory.toString())));
        Process process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        assertThat(process.waitFor(Surroundings.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(Files.readString(directory.resolve("calls")))
                .as("the signal was sent")
                .contains("SIG" + signal);
    }

    /** One run's files or the other's, never of each one. */
    private boolean isTheNewOne() throws IOException {
        boolean isNew = ResultStore.load(baseline).started().isAfter(SampleRuns.STARTED);
        assertThat(baseline.resolve("jmh.json")).hasContent(isNew ? "[2]" : "[1]");
        return isNew;
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "The command is killed while it saves a baseline",
            promise = "the old one or the new one is there, never a part")
    @Test
    void whoeverIsKilledLeavesTheOldBaselineOrTheNewOne() throws Exception {
        List<Boolean> isNew = new ArrayList<>();
        for (int sync = 1; sync <= SYNCS; sync++) {
            adopt("fsync", "KILL", sync);
            isNew.add(isTheNewOne());
        }

        assertThat(isNew)
                .as("before and after the change of names")
                .containsExactly(false, false, false, false, false, true);
        assertThat(adopt(run)).isZero();
        assertThat(left()).as("what the killed ones left").isEmpty();
    }

    @Test
    void whoeverIsKilledBesideTheChangeOfNamesLeavesOneBaseline() throws Exception {
        adopt("renameat2", "KILL", 1);

        isTheNewOne();
        assertThat(adopt(run)).isZero();
        assertThat(left()).isEmpty();
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "The command is interrupted while it saves a baseline",
            promise = "nothing half-written is left")
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void whoeverIsInterruptedLeavesNothing(String signal) throws Exception {
        for (int sync = FIRST_AFTER_TRIAL; sync <= SYNCS; sync++) {
            adopt("fsync", signal, sync);

            isTheNewOne();
            assertThat(left()).as("interrupted at %d", sync).isEmpty();
        }
    }
}
