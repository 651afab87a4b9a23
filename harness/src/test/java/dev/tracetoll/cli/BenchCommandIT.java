package dev.tracetoll.cli;

import static dev.tracetoll.cli.Surroundings.LONG;
import static dev.tracetoll.cli.Surroundings.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.experiment.headline.HeadlinePlan;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.testing.ResultsSchema;
import dev.tracetoll.testing.ToolCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tracetoll bench} as a user runs it. Whatever it does, it leaves nothing behind. */
@OneAtATime
@NeedsEbpf
@NeedsPtrace
class BenchCommandIT {

    /** Begins the name of the directory with the copies of the targets that run. */
    private static final String COPIES = "tracetoll-targets-";

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));

    @TempDir
    private Path directory;

    /** For the copies of targets, which are told from others' by it. */
    @TempDir
    private Path temporary;

    private Surroundings surroundings;
    private final List<Process> started = new ArrayList<>();

    /** What a finished command left: its exit code and its lines. */
    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void rememberSurroundings() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        // One that has not ended as it should would disturb the next test.
        started.forEach(Process::destroyForcibly);
        await("no target is left", () -> targets().isEmpty());
        surroundings.assertUnchanged();
        await("no temporary file is left", () -> copies().isEmpty());
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith(COPIES))
                    .toList();
        }
    }

    /** Those of this test: others run meanwhile. */
    private List<ProcessHandle> targets() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(path -> path.startsWith(temporary.toString()))
                        .isPresent())
                .toList();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = ToolCommand.of(List.of("bench", "--out", directory.toString()));
        command.add(1, "-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        started.add(process);
        return process;
    }

    private Ended end(Process process) throws Exception {
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    private Ended run(String... arguments) throws Exception {
        return end(start(arguments));
    }

    /** What is neither killed nor interrupted needs no JVM of its own to be asked in. */
    private Ended asked(String... arguments) {
        List<String> words = new ArrayList<>(List.of("bench", "--out", directory.toString()));
        words.addAll(List.of(arguments));
        ToolServer.Ended ended = ToolServer.run(words, directory);
        return new Ended(ended.exitCode(), ended.text(), ended.errors());
    }

    private void refused(Ended ended, int exitCode, String... words) {
        assertThat(ended.err().lines().filter(line -> !line.matches("tracetoll: round \\d+: .*")))
                .as("one line on stderr")
                .hasSize(1);
        assertThat(ended.err()).contains(words);
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
        assertThat(ended.out()).isEmpty();
        assertThat(directory.resolve("results")).doesNotExist();
        assertThat(directory.resolve("reports")).doesNotExist();
    }

    /** What tools for JMH's files draw of an arm is what its rounds measured. */
    private static void assertScoreIsTheTargetsOwnTime(JsonNode benchmark, JsonNode arm) {
        double[] medians = StreamSupport.stream(arm.get("rounds").spliterator(), false)
                .mapToDouble(round -> Quantiles.median(StreamSupport.stream(round.spliterator(), false)
                        .mapToDouble(JsonNode::asDouble)
                        .toArray()))
                .toArray();
        assertThat(benchmark.get("params").get("arm").asText())
                .isEqualTo(arm.get("name").asText());
        assertThat(benchmark.get("primaryMetric").get("rawData")).hasSize(medians.length);
        assertThat(benchmark.get("primaryMetric").get("score").asDouble())
                .isCloseTo(Arrays.stream(medians).average().orElseThrow() / 1_000, within(0.001));
    }

    @Test
    void pricesTheChoiceOfTheSite() throws Exception {
        Ended ended = asked(
                "--rounds",
                "1",
                "--calls",
                "200",
                "--target",
                "text",
                "--technique",
                "ebpf",
                "--technique",
                "ebpf-empty-entry",
                "--site",
                "entry");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode results = new ObjectMapper()
                .readTree(only(directory.resolve("results"))
                        .resolve("results.json")
                        .toFile());
        List<String> arms = new ArrayList<>();
        for (JsonNode arm : results.get("arms")) {
            assertThat(arm.get("valid").asBoolean()).isTrue();
            if (arm.get("target").asText().equals("text")) {
                arms.add(arm.get("technique").asText());
                assertThat(arm.at("/signatures/0").asText())
                        .isEqualTo(
                                arm.get("technique").asText().equals("untraced")
                                        ? ""
                                        : "main.probed(n int, s string) int");
            }
            if (arm.get("technique").asText().endsWith("-entry")) {
                assertThat(arm.get("sites").get(0).get("kind").asText()).isEqualTo("entry");
                assertThat(arm.get("sites").get(0).get("class").asText())
                        .as("class of the function's first instruction")
                        .isEqualTo("stepped");
            }
        }
        assertThat(arms)
                .containsExactlyInAnyOrder(
                        "untraced",
                        "untraced",
                        "ebpf-empty-returns-entry",
                        "ebpf-entry",
                        "ebpf-entry",
                        "ebpf-empty-entry");
    }

    @Test
    void measuresWithTheRingBufferThatIsAskedFor() throws Exception {
        Ended ended = asked(
                "--rounds",
                "1",
                "--calls",
                "50",
                "--technique",
                "ebpf-arguments",
                "--ring-size",
                "16m",
                "--wakeup",
                "timed",
                "--drain-interval",
                "2ms");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode results = new ObjectMapper()
                .readTree(only(directory.resolve("results"))
                        .resolve("results.json")
                        .toFile());
        for (JsonNode arm : results.get("arms")) {
            assertThat(arm.get("valid").asBoolean()).isTrue();
            boolean hasRing = arm.get("technique").asText().equals("ebpf-arguments");
            assertThat(arm.get("ringBytes").asLong()).isEqualTo(hasRing ? 16 << 20 : 0);
        }
    }

    @Test
    void refusesRingBuffersThatThereCannotBe() throws Exception {
        refused(asked("--technique", "ptrace", "--ring-size", "64k"), 2, "None of the techniques", "has a ring buffer");
        refused(asked("--ring-size", "3000"), 2, "--ring-size 3000", "power of two");
        refused(asked("--tuning", directory.toString()), 2, "tuning.json");
    }

    @Test
    void refusesASiteWhereCallsCannotBeCounted() throws Exception {
        refused(asked("--technique", "ebpf-arguments", "--site", "entry"), 2, "ebpf-arguments-entry");
        refused(asked("--site", "somewhere"), 2, "somewhere", "entry and best");
    }

    @Test
    void measuresEveryTechniqueAndWritesResultsAndReport() throws Exception {
        Ended ended = run("--rounds", "1", "--calls", "50", "--seed", "7", "--verbose");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("untraced", "ebpf", "ptrace", "ptrace-classic", "noise floor", "Watching each call with ");
        Path run = only(directory.resolve("results"));
        assertThat(run.getFileName().toString()).endsWith("-headline");
        JsonNode results =
                new ObjectMapper().readTree(run.resolve("results.json").toFile());
        assertThat(ResultsSchema.errors(results)).isEmpty();
        assertThat(results.get("seed").asLong()).isEqualTo(7);
        assertThat(results.get("stopped").asText()).isEqualTo("rounds done");
        assertThat(results.get("budgetNs").asLong()).isZero();
        assertThat(results.get("arms").findValuesAsText("name"))
                .containsExactly(
                        "untraced",
                        "untraced-again",
                        "source-floor-returns",
                        "inline",
                        "inline-again",
                        "ebpf-patched-empty",
                        "ebpf-patched",
                        "ebpf-empty",
                        "ebpf-arguments",
                        "ebpf-empty-returns",
                        "ebpf",
                        "ebpf-again",
                        "ptrace-floor",
                        "ptrace",
                        "ptrace-again",
                        "ptrace-classic",
                        "untraced",
                        "untraced",
                        "untraced",
                        "ebpf-empty");
        for (JsonNode arm : results.get("arms")) {
            boolean traced = !arm.get("technique").asText().equals("untraced");
            boolean events =
                    traced && !arm.get("technique").asText().matches("ebpf-(patched-)?empty.*|source-floor-returns");
            assertThat(arm.get("calls").asInt()).isEqualTo(50);
            assertThat(arm.get("rounds")).hasSize(1).allMatch(round -> round.size() > 0);
            assertThat(arm.get("valid").asBoolean()).isTrue();
            assertThat(arm.get("lost").asLong()).isZero();
            assertThat(arm.get("seen").asLong()).isEqualTo(arm.get("expected").asLong());
            assertThat(arm.get("expected").asLong() > 0).isEqualTo(events);
            if (!arm.get("technique").asText().equals("source-floor-returns")) {
                assertThat(arm.get("tracerCpuNs").asLong() > 0).isEqualTo(traced);
            }
            assertThat(arm.get("tracerPeakBytes").asLong() > 0).isEqualTo(traced);
            assertThat(arm.get("targetCpuNs").asLong()).isPositive();
        }
        assertThat(results.get("comparisons")).hasSize(16);
        assertThat(ended.out()).contains("yardsticks: a reading of the clock", "baseline none of this environment");
        JsonNode jmh = new ObjectMapper().readTree(run.resolve("jmh.json").toFile());
        assertThat(jmh).hasSize(20);
        assertThat(jmh.get(0).get("forks").asInt()).isEqualTo(1);
        assertThat(jmh.get(0).get("secondaryMetrics").has("harness.request")).isTrue();
        for (int i = 0; i < jmh.size(); i++) {
            assertScoreIsTheTargetsOwnTime(jmh.get(i), results.get("arms").get(i));
        }
        Path report = only(directory.resolve("reports"));
        assertThat(report)
                .isDirectoryContaining("glob:**/headline.png")
                .isDirectoryContaining("glob:**/headline.svg")
                .isDirectoryContaining("glob:**/index.html");
        assertThat(report.resolve("results").resolve(run.getFileName()).resolve("results.json"))
                .exists();
    }

    @Test
    void measuresSystemCallsWhereATargetMakesThem() throws Exception {
        Ended ended = asked("--target", "writes", "--rounds", "1", "--calls", "50", "--seed", "7");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode arms = new ObjectMapper()
                .readTree(only(directory.resolve("results"))
                        .resolve("results.json")
                        .toFile())
                .get("arms");
        assertThat(arms.findValuesAsText("technique"))
                .containsExactly(
                        "untraced",
                        "untraced",
                        "syscall-ebpf",
                        "syscall-ebpf",
                        "syscall-seccomp",
                        "syscall-ptrace",
                        "untraced",
                        "untraced",
                        "untraced");
        for (JsonNode arm : arms) {
            assertThat(arm.get("valid").asBoolean()).isTrue();
            assertThat(arm.get("lost").asLong()).isZero();
            assertThat(arm.get("expected").asLong() > 0)
                    .isEqualTo(!arm.get("technique").asText().equals("untraced"));
        }
    }

    @Test
    void endsWithItsBudget() throws Exception {
        Ended ended = asked("--budget", "20s", "--target", "text", "--technique", "ebpf-arguments", "--calls", "50");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode results = new ObjectMapper()
                .readTree(only(directory.resolve("results"))
                        .resolve("results.json")
                        .toFile());
        assertThat(results.get("budgetNs").asLong()).isEqualTo(20_000_000_000L);
        assertThat(results.get("stopped").asText()).isIn("budget spent", "narrow enough");
        assertThat(results.get("arms").get(0).get("rounds").size()).isPositive();
    }

    @Test
    void refusesTwoEnds() throws Exception {
        refused(asked("--budget", "1m", "--rounds", "5"), 2, "--rounds and --budget");
        refused(asked("--budget", "soon"), 2, "--budget", "soon");
    }

    @Test
    void comparesWithTheBaselineOfThisEnvironment() throws Exception {
        List<String> small = List.of("--rounds", "1", "--target", "text", "--technique", "ebpf-count", "--calls", "20");
        assertThat(asked(small.toArray(String[]::new)).exitCode()).isZero();
        Path first = only(directory.resolve("results"));
        String fingerprint = new ObjectMapper()
                .readTree(first.resolve("results.json").toFile())
                .get("environment")
                .get("fingerprint")
                .asText();
        Path baseline = Files.createDirectories(
                        directory.resolve("results/published").resolve(fingerprint))
                .resolve("baseline");
        Files.move(first, baseline);
        Path summary = directory.resolve("summary.md");

        List<String> again = new ArrayList<>(small);
        again.addAll(List.of("--summary", summary.toString()));
        Ended ended = asked(again.toArray(String[]::new));

        assertThat(ended.exitCode())
                .as("one round proves nothing: %s", ended.out())
                .isEqualTo(4);
        assertThat(ended.out()).contains(baseline.toString(), "ebpf-count", "inconclusive");
        assertThat(summary).content().contains("| ebpf-count |", "inconclusive");

        again.addAll(List.of("--baseline", "none"));
        assertThat(asked(again.toArray(String[]::new)).exitCode()).isZero();
    }

    @Test
    void refusesBaselinesThatAreNotThere() throws Exception {
        refused(asked("--baseline", directory.resolve("nothing").toString()), 2, "nothing", "no such file");
        refused(asked("--ladder", "--baseline", "none"), 2, "--baseline");
    }

    @Test
    void refusesToTraceSystemCallsOfTargetsThatMakeNone() throws Exception {
        refused(asked("--technique", "syscall-ebpf"), 2, "syscall-ebpf", "--target writes");
    }

    @Test
    void measuresTheLadderOnEachPlacement() throws Exception {
        Ended ended = asked(
                "--ladder",
                "--rounds",
                "1",
                "--calls",
                "20",
                "--seed",
                "7",
                "--technique",
                "ebpf-empty",
                "--technique",
                "ebpf-count",
                "--technique",
                "ebpf-arguments",
                "--technique",
                "ebpf");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("Functions under eBPF, one core", "Yardsticks, one core");
        JsonNode results = new ObjectMapper()
                .readTree(only(directory.resolve("results"))
                        .resolve("results.json")
                        .toFile());
        assertThat(results.get("experiment").asText()).isEqualTo("ladder");
        assertThat(ended.out())
                .contains("2 threads to 1", "10\u202f000 probed functions to 1", "sustained: events lost");
        boolean two =
                Runtime.getRuntime().availableProcessors() > 1 && ended.out().contains("two cores");
        Map<String, Integer> placements = new HashMap<>();
        for (JsonNode arm : results.get("arms")) {
            String technique = arm.get("technique").asText();
            placements.merge(arm.get("placement").asText(), 1, Integer::sum);
            long made = arm.get("callEvents").get("expected").asLong();
            boolean events = !List.of("untraced", "ebpf-empty").contains(technique);
            assertThat(arm.get("valid").asBoolean()).as(technique).isTrue();
            assertThat(made > 0).as(technique).isEqualTo(events);
            boolean sustained = arm.get("name").asText().endsWith("-sustained");
            assertThat(arm.get("callEvents").get("seen").asLong()
                            + (sustained ? arm.get("lost").asLong() : 0))
                    .as(technique)
                    .isEqualTo(made);
            assertThat(arm.get("ringBytes").asLong())
                    .as(technique)
                    .isEqualTo(events && !technique.equals("ebpf-count") ? 8 << 20 : 0);
            assertThat(arm.get("returnEvents").get("expected").asLong())
                    .as(technique)
                    .isEqualTo(technique.equals("ebpf") ? made : 0);
            assertThat(arm.get("threads").asInt()).isPositive();
            assertThat(arm.get("sites").size())
                    .as(technique)
                    .isEqualTo(technique.equals("untraced") ? 0 : technique.equals("ebpf") ? 2 : 1);
        }
        assertThat(placements.keySet())
                .isEqualTo(two ? Set.of("one-core", "two-cores", "unpinned") : Set.of("one-core", "unpinned"));
        assertThat(results.get("comparisons")).anySatisfy(comparison -> {
            assertThat(comparison.get("arm").asText()).isEqualTo("ebpf-arguments");
            assertThat(comparison.get("against").asText()).isEqualTo("ebpf-count");
        });
        assertThat(only(directory.resolve("reports")))
                .isDirectoryContaining("glob:**/ladder-functions-ebpf.png")
                .isDirectoryContaining("glob:**/ladder.md");
    }

    @Test
    void partsWhatStaysFromWhatGrows() throws Exception {
        Ended ended = asked(
                "--growth",
                "--rounds",
                "1",
                "--calls",
                "10",
                "--calls",
                "100",
                "--seed",
                "7",
                "--technique",
                "ebpf-arguments",
                "--axis",
                "calls",
                "--axis",
                "bytes");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        Path run = only(directory.resolve("results"));
        assertThat(run.getFileName().toString()).endsWith("-growth");
        JsonNode results =
                new ObjectMapper().readTree(run.resolve("results.json").toFile());
        assertThat(results.get("experiment").asText()).isEqualTo("growth");
        assertThat(results.get("arms")).hasSize(2 * (3 + 6)).allSatisfy(arm -> {
            assertThat(arm.get("valid").asBoolean()).isTrue();
            assertThat(arm.get("lost").asLong()).isZero();
            assertThat(arm.get("expected").asLong() > 0)
                    .isEqualTo(!arm.get("technique").asText().equals("untraced"));
        });
        String words = ended.out().replaceAll("\\s+", " ");
        String figure = "−?[0-9.]+ [nµm]?s \\([^)]+ [nµm]?s\\)";
        assertThat(words)
                .containsPattern(
                        "ebpf-arguments: " + figure + " per call in a long burst, " + figure + " per burst besides")
                .containsPattern("ebpf-arguments: " + figure + " per call, " + figure + " more for each byte");
        assertThat(only(directory.resolve("reports"))).isDirectoryContaining("glob:**/growth.png");
    }

    @Test
    void refusesAxesThatThereAreNot() throws Exception {
        refused(
                asked("--growth", "--axis", "magic"),
                2,
                "No --axis magic",
                "calls, bytes, functions, threads, goroutines");
        refused(asked("--axis", "calls"), 2, "--axis", "--growth");
    }

    @Test
    void refusesToProbeWhatATargetLacks() throws Exception {
        refused(
                asked("--technique", "ebpf-unhit", "--target", "writes"),
                2,
                "ebpf-unhit probes main.twin",
                "writes lacks");
    }

    @Test
    void refusesRungsThatTheLadderLacks() throws Exception {
        refused(asked("--ladder", "--technique", "magic"), 2, "no rung magic", "ebpf-empty");
    }

    private static Path only(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            List<Path> all = children.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1"})
    void refusesBurstsWithoutCalls(String calls) throws Exception {
        refused(asked("--calls", calls), 2, "--calls");
    }

    @Test
    void refusesARunWithoutRounds() throws Exception {
        refused(asked("--rounds", "0"), 2, "--rounds");
    }

    @Test
    void refusesWhatIsNoNumber() throws Exception {
        refused(asked("--calls", "many"), 2, "--calls", "many");
    }

    @Test
    void refusesUnknownTechniques() throws Exception {
        refused(asked("--technique", "magic"), 2, "magic", "untraced, ebpf, ptrace");
    }

    @Test
    void refusesTargetsThatAreNotThere() throws Exception {
        refused(asked("--target", directory.resolve("nothing").toString()), 2, "nothing");
    }

    @Test
    void refusesTargetsThatAreNoPrograms() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\nexec cat\n".repeat(9));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        refused(asked("--target", script.toString()), 2, "not an ELF file");
        refused(asked("--target", "/bin/sh"), 2, "not built by Go");
    }

    @Test
    void refusesProgramsWithoutTheProbedFunction() throws Exception {
        Path source = Files.writeString(directory.resolve("main.go"), "package main\n\nfunc main() {}\n");
        Path program = directory.resolve("program");
        Process go = new ProcessBuilder(
                        "sh",
                        HOME.resolve("targets/go.sh").toString(),
                        "build",
                        "-o",
                        program.toString(),
                        source.toString())
                .inheritIO()
                .start();
        assertThat(go.waitFor()).isZero();
        refused(asked("--target", program.toString()), 2, "No function main.probed", "the nearest are");
    }

    @Test
    void refusesAnOutputDirectoryThatIsAFile() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Ended ended = asked("--out", file.toString(), "--rounds", "1", "--technique", "untraced", "--calls", "1");
        assertThat(ended.exitCode()).as(ended.err()).isNotZero();
        assertThat(Files.size(file)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"untraced", "ebpf", "ptrace"})
    void saysThatTheTargetWasKilled(String technique) throws Exception {
        Process bench = start("--technique", technique, "--calls", "900000000", "--rounds", "1", "--no-progress");
        killTarget();
        refused(end(bench), 2, "was killed by SIGKILL");
    }

    private void killTarget() throws Exception {
        ProcessHandle target = awaitTarget();
        assertThat(target.destroyForcibly()).isTrue();
    }

    /** Waits until a target runs bursts: until it has used some CPU time. */
    private ProcessHandle awaitTarget() throws Exception {
        ProcessHandle[] found = new ProcessHandle[1];
        await("a target runs", () -> {
            Optional<ProcessHandle> busy = targets().stream()
                    .filter(process -> process.info()
                                    .totalCpuDuration()
                                    .orElse(Duration.ZERO)
                                    .toMillis()
                            >= 50)
                    .findFirst();
            busy.ifPresent(process -> found[0] = process);
            return busy.isPresent();
        });
        return found[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"untraced", "ebpf", "ptrace"})
    void leavesNothingWhenItIsKilled(String technique) throws Exception {
        Process bench = start("--technique", technique, "--calls", "900000000", "--rounds", "1");
        awaitTarget();
        bench.destroyForcibly();
        assertThat(bench.waitFor()).isNotZero();
        await("every target has ended", () -> targets().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"syscall-ebpf", "syscall-seccomp", "syscall-ptrace"})
    void leavesNothingOfSystemCallsWhenItIsKilledOrInterrupted(String technique) throws Exception {
        for (String signal : List.of("-KILL", "-INT")) {
            Process bench = start(
                    "--target",
                    "writes",
                    "--technique",
                    technique,
                    "--calls",
                    "900000000",
                    "--rounds",
                    "1",
                    "--seed",
                    Long.toString(seedThatBeginsWith(technique)));
            awaitTarget();
            assertThat(new ProcessBuilder("kill", signal, Long.toString(bench.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(bench.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await("every target has ended", () -> targets().isEmpty());
        }
    }

    private static long seedThatBeginsWith(String technique) {
        return LongStream.iterate(0, seed -> seed + 1)
                .filter(seed -> HeadlinePlan.of(
                                target -> List.of(Techniques.named(technique)),
                                List.of("writes"),
                                List.of(1),
                                Stopping.rounds(1),
                                seed)
                        .rounds()
                        .findFirst()
                        .orElseThrow()
                        .order()
                        .get(0)
                        .technique()
                        .equals(technique))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void endsWhenInterrupted() throws Exception {
        Process bench = start("--technique", "ebpf", "--calls", "900000000", "--rounds", "1");
        awaitTarget();
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(bench.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(end(bench).exitCode()).isEqualTo(130);
        assertThat(directory.resolve("results")).doesNotExist();
    }
}
