package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.Mounted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that read and write results do with good ones and bad ones, and where nothing can be written. */
@BesideOthers
class StoredResultsIT {

    private static final int BAD_INPUT = 2;
    private static final int FAILED = 1;

    @TempDir
    private Path directory;

    private Path good;
    private Map<Path, String> before;

    /** What a command printed, and its exit code. */
    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void save() throws IOException {
        good = new ResultStore(directory.resolve("results"))
                .save(
                        SampleRuns.headline(),
                        "bench",
                        Map.of(ResultStore.JMH_FILE, "[]".getBytes(StandardCharsets.UTF_8)));
        before = files();
    }

    private Ended run(Object... arguments) {
        ToolServer.Ended ended =
                ToolServer.run(Stream.of(arguments).map(Object::toString).toList(), directory);
        return new Ended(ended.exitCode(), ended.text(), ended.errors());
    }

    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.toList()) {
                files.put(each, Files.isRegularFile(each) ? Files.readString(each, StandardCharsets.ISO_8859_1) : "");
            }
        }
        return files;
    }

    /** One line that names what is wrong and what to do, and nothing is as it was not before. */
    private void refused(int exitCode, Ended ended, String... words) throws IOException {
        assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
        assertThat(ended.err())
                .startsWith("tracetoll: ")
                .contains(words)
                .contains("; ")
                .doesNotContain("Exception", "unexpectedly");
        assertThat(ended.out()).isEmpty();
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
        assertThat(files()).isEqualTo(before);
    }

    private void refusedByAll(Path bad, String... words) throws IOException {
        before = files();
        refused(BAD_INPUT, run("report", bad, "--out", directory.resolve("reports")), words);
        refused(BAD_INPUT, run("compare", bad, good), words);
        refused(BAD_INPUT, run("compare", good, bad, "--across"), words);
        refused(BAD_INPUT, run("baseline", "adopt", bad, "--out", directory), words);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                Arguments.of("", "empty"),
                Arguments.of(" \n", "empty"),
                Arguments.of("{", "not whole JSON"),
                Arguments.of("[]", "no JSON object"),
                Arguments.of("\u007fELF\u0000", "not whole JSON"),
                Arguments.of("{\"schemaVersion\":99}", "schema version 99"),
                Arguments.of("{\"schemaVersion\":1}", "is missing"),
                Arguments.of("{}", "no \"schemaVersion\""),
                Arguments.of("[".repeat(200_000), "nested"),
                Arguments.of("{\"schemaVersion\":" + "1".repeat(50_000) + "}", "numbers and texts as long"));
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "Stored results are damaged",
            promise = "they are refused in one line that says what is wrong")
    @ParameterizedTest
    @MethodSource("damages")
    void damagedResultsAreRefused(String content, String reason) throws IOException {
        Path run = Files.createDirectories(directory.resolve("results").resolve("bad"));
        Path file = Files.writeString(run.resolve("results.json"), content);

        refusedByAll(file, file.toString(), reason);
        refusedByAll(run, file.toString(), reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rounds\" : \\[ \\[ \\d+ | \"rounds\" : [ [ -5 | rounds",
                "\"rounds\" : \\[ \\[ \\d+ | \"rounds\" : [ [ NaN | not whole JSON",
                "\"median\" : [^,]* | \"median\" : \"NaN\" | not an interval",
                "\"calls\" : 200 | \"calls\" : 0 | calls",
                "\"technique\" : \"ebpf\", | | technique",
                "\"name\" : \"untraced-again\" | \"name\" : \"untraced\" | two arms",
                "\"target\" : \"calls\" | \"target\" : \"\\\\u001b[2J\\\\n\", \"target\" : \"\" | not whole JSON"
            })
    void wrongNumbersAndFieldsAreRefused(String what, String by, String reason) throws IOException {
        Path run = Files.createDirectories(directory.resolve("results").resolve("bad"));
        String whole = Files.readString(good.resolve("results.json"));
        String wrong = whole.replaceFirst(what, by == null ? "" : by);
        assertThat(wrong).isNotEqualTo(whole);
        Path file = Files.writeString(run.resolve("results.json"), wrong);

        refusedByAll(file, file.toString(), reason);
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        refusedByAll(directory.resolve("nothing"), "nothing: no such file");
        refusedByAll(Files.createDirectories(directory.resolve("empty")), "empty/results.json: no such file");
        Files.createDirectories(directory.resolve("inside").resolve("results.json"));
        refusedByAll(directory.resolve("inside"), "inside/results.json");
        refusedByAll(good.resolve("results.json").resolve("deeper"), "deeper: Not a directory");
    }

    /** Not even root can read the first address of a process, and nobody needs all of /dev/zero. */
    @ParameterizedTest
    @CsvSource({"/proc/self/mem, Input/output error", "/dev/zero, more than 64 MiB"})
    void whatCannotBeReadIsRefused(Path unreadable, String reason) throws IOException {
        refusedByAll(unreadable, unreadable.toString(), reason);
    }

    @Test
    void countsThatDoNotAddUpAreNeverComparedNorAdopted() throws IOException {
        Path flawed = new ResultStore(directory.resolve("results")).save(SampleRuns.flawed(), "flawed", Map.of());
        before = files();

        refused(BAD_INPUT, run("compare", good, flawed), "candidate", "do not add up");
        refused(BAD_INPUT, run("compare", flawed, good), "baseline", "do not add up");
        refused(BAD_INPUT, run("baseline", "adopt", flawed, "--out", directory), flawed.toString(), "lost 24 of");
    }

    @Test
    void oddButPossibleNumbersAreShown() throws IOException {
        long longest = (1L << 53) - 1;
        for (long ns : new long[] {1, longest}) {
            Arm like = SampleRuns.headline().arms().get(1);
            Arm odd = ArmDraft.of("\u001b[2J|<b>\n", "ebpf")
                    .target(like.target(), like.function())
                    .calls(like.calls())
                    .returnsTraced(true)
                    .goVersion(like.goVersion())
                    .bursts(Bursts.of(
                            List.of(List.of(ns), List.of(ns, ns), List.of(ns), List.of(ns), List.of(ns), List.of(ns))))
                    .events(new EventCounts(longest, 0, longest))
                    .cpuNs(longest, longest)
                    .peakBytes(longest, longest)
                    .placement(like.placement())
                    .arguments(like.arguments())
                    .ringBytes(longest)
                    .arm();
            List<Arm> arms = new ArrayList<>(SampleRuns.headline().arms());
            arms.add(odd);
            Path saved = new ResultStore(directory.resolve("results")).save(SampleRuns.run(arms), "odd", Map.of());

            Ended report = run("report", saved, "--out", directory.resolve("reports"));
            assertThat(report.exitCode()).as(report.err()).isZero();
            Ended compared = run("compare", saved, saved);
            assertThat(compared.exitCode()).as(compared.err()).isEqualTo(4);
            assertThat(compared.out()).contains("?[2J|<b>?").doesNotContain("\u001b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "100", "NaN", "Infinity", "five", ""})
    void tolerancesThatMakeNoSenseAreRefused(String tolerance) throws IOException {
        Ended ended = run("compare", good, good, "--tolerance", tolerance);

        refused(BAD_INPUT, ended, "olerance");
    }

    @Test
    void environmentsThatDifferAreRefusedUnlessAcross() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("results").resolve("elsewhere"));
        Files.writeString(
                elsewhere.resolve("results.json"),
                Files.readString(good.resolve("results.json"))
                        .replace("6.18.1-amd64", "6.1.0-18-amd64")
                        .replace("Example CPU", "Other CPU"));
        before = files();

        refused(
                BAD_INPUT,
                run("compare", good, elsewhere),
                "--across",
                "kernel: 6.18.1-amd64 against 6.1.0-18-amd64",
                "CPU: Example CPU against Other CPU");
        refused(
                BAD_INPUT,
                run("compare", good, elsewhere, "--across"),
                "no arm in common that can be compared in floors");
    }

    @Test
    void aRunIsLikeItself() {
        Ended text = run("compare", good, good.resolve("results.json"), "--tolerance", "20");
        assertThat(text.exitCode()).as(text.err() + text.out()).isZero();
        assertThat(text.out()).contains("ptrace", "fine: nothing has become dearer");
        Ended markdown = run("compare", good, good, "--tolerance", "20", "--format", "markdown");
        assertThat(markdown.exitCode()).isZero();
        assertThat(markdown.out()).contains("| ptrace |", "**Fine: ");
    }

    @Test
    void whatBecameDearerOrCheaperDecidesTheExitCode() {
        Path dearer = save(1.5);

        assertThat(run("compare", good, dearer, "--tolerance", "20")).satisfies(ended -> {
            assertThat(ended.exitCode()).isEqualTo(3);
            assertThat(ended.out().lines().reduce((first, last) -> last))
                    .hasValueSatisfying(line -> assertThat(line).startsWith("dearer: ebpf ×1.5"));
        });
        assertThat(run("compare", dearer, good, "--tolerance", "20")).satisfies(ended -> {
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.out()).contains("cheaper: ebpf ×0.6");
        });
        assertThat(run("compare", good, good, "--tolerance", "0.001")).satisfies(ended -> {
            assertThat(ended.exitCode()).isEqualTo(4);
            assertThat(ended.out()).contains("inconclusive: ");
        });
    }

    /** The headline with eBPF so many times as dear. */
    private Path save(double factor) {
        List<Arm> arms = new ArrayList<>(SampleRuns.headline().arms());
        arms.set(1, SampleRuns.arm("ebpf", "ebpf", 683_000 * factor, new EventCounts(66_000, 66_000, 0)));
        return new ResultStore(directory.resolve("results")).save(SampleRuns.run(arms), "bench", Map.of());
    }

    @Test
    void adoptsShowsAndListsBaselines() {
        String fingerprint = SampleRuns.environment().fingerprint();
        assertThat(run("baseline", "list", "--out", directory))
                .isEqualTo(
                        new Ended(0, "no baselines; run ./tracetoll bench, then ./tracetoll baseline adopt RUN\n", ""));
        Ended none = run("baseline", "show", "--out", directory);
        assertThat(none.exitCode()).as(none.err()).isZero();
        assertThat(none.out()).contains("fingerprint  ").contains("none; ").doesNotContain(fingerprint);

        Ended adopted = run("baseline", "adopt", good, "--out", directory);
        assertThat(adopted.exitCode()).as(adopted.err()).isZero();
        Path baseline =
                directory.resolve("results/published").resolve(fingerprint).resolve("baseline/results.json");
        assertThat(adopted.out()).isEqualTo(baseline + "\n");
        assertThat(run("baseline", "list", "--out", directory).out())
                .contains(fingerprint, "2026-11-22T20:42:05Z", "0123abc", "Example CPU");
        assertThat(run("compare", baseline.getParent(), good, "--tolerance", "20")
                        .exitCode())
                .isZero();
        assertThat(run("baseline", "adopt", save(1.1), "--out", directory).exitCode())
                .isZero();
        assertThat(baseline.resolveSibling("jmh.json")).doesNotExist();
    }

    @Test
    void baselineNamesItsCommands() {
        Ended ended = run("baseline", "adpot", good);
        assertThat(ended.exitCode()).isEqualTo(BAD_INPUT);
        assertThat(ended.err())
                .contains("unknown command 'adpot'; the nearest is 'adopt'", "tracetoll baseline --help")
                .hasLineCount(1);
        assertThat(run("baseline").err()).contains("adopt, show or list").hasLineCount(1);
        assertThat(run("compare", good).exitCode()).isEqualTo(BAD_INPUT);
    }

    @Test
    void aFileInTheWayOfADirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        before = files();

        refused(BAD_INPUT, run("report", good, "--out", file), file + " is no directory");
        refused(BAD_INPUT, run("report", good, "--out", file.resolve("below")), file + " is no directory");
        refused(BAD_INPUT, run("baseline", "adopt", good, "--out", file), file + " is no directory");
        refused(BAD_INPUT, run("bench", "--out", file), file + " is no directory");
        Path results = directory.resolve("taken");
        Files.createDirectories(results);
        Files.writeString(results.resolve("reports"), "precious");
        before = files();
        refused(BAD_INPUT, run("bench", "--out", results), results.resolve("reports") + " is no directory");
    }

    @Test
    void aFileInThePlaceOfTheBaselineIsRefused() throws IOException {
        Path ofEnvironment = Files.createDirectories(directory
                .resolve("results/published")
                .resolve(SampleRuns.environment().fingerprint()));
        Path file = Files.writeString(ofEnvironment.resolve("baseline"), "precious");
        before = files();

        refused(FAILED, run("baseline", "adopt", good, "--out", directory), file + " is in the way");
    }

    /** Nobody can make a directory in /proc, and in one that is mounted to be read not even root. */
    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "Where results are to go cannot be written to",
            promise = "it is said before anything is measured")
    @Test
    void whereNothingCanBeWrittenNothingIsBegun() throws Exception {
        List<Path> unwritable = new ArrayList<>(List.of(Path.of("/proc/tracetoll")));
        try (Mounted readOnly = Mounted.tmpfs(Files.createDirectories(directory.resolve("mounted")), "ro,size=64k")) {
            unwritable.add(readOnly.path().resolve("deeper"));
            before = files();
            for (Path place : unwritable) {
                refused(
                        BAD_INPUT,
                        run("report", good, "--out", place),
                        "cannot write to " + place,
                        "choose another directory");
                refused(
                        BAD_INPUT,
                        run("baseline", "adopt", good, "--out", place),
                        "cannot write to " + place,
                        "choose another directory");
                refused(
                        BAD_INPUT,
                        run("bench", "--out", place),
                        "cannot write to " + place.resolve("results"),
                        "choose another directory");
                refused(
                        BAD_INPUT,
                        run("bench", "--out", directory, "--summary", place.resolve("file")),
                        "cannot append to " + place.resolve("file"));
                refused(
                        BAD_INPUT,
                        run("selftest", "gate", "--out", place),
                        "cannot write to " + place.resolve("results"),
                        "choose another directory");
            }
            refused(
                    BAD_INPUT,
                    run("bench", "--out", directory, "--summary", directory),
                    "cannot append to " + directory,
                    "Is a directory");
        }
    }

    @Promise(
            chapter = Promise.Chapter.OUTPUT,
            fault = "The disk becomes full while results are saved",
            promise = "what was there stays, nothing half-written is left")
    @Test
    void aFullDiskLeavesWhatWasThere() throws Exception {
        try (Mounted small = Mounted.tmpfs(Files.createDirectories(directory.resolve("mounted")), "size=64k")) {
            Path adopted = Path.of(
                    run("baseline", "adopt", good, "--out", small.path()).out().strip());
            assertThat(adopted).exists();
            Path large = new ResultStore(directory.resolve("results"))
                    .save(SampleRuns.headline(), "large", Map.of(ResultStore.JMH_FILE, new byte[64 << 10]));
            before = files();

            refused(
                    FAILED,
                    run("report", large, "--out", small.path().resolve("reports")),
                    "No space left",
                    "nothing was written");
            refused(
                    FAILED,
                    run("baseline", "adopt", large, "--out", small.path()),
                    "No space left",
                    "nothing was written");
            Files.write(small.path().resolve("filler"), new byte[small.freeBytes()]);
            before = files();
            refused(FAILED, run("bench", "--out", small.path()), "No space left", "make room");
            refused(FAILED, run("selftest", "gate", "--out", small.path()), "No space left", "make room");
            refused(
                    FAILED,
                    run("bench", "--out", directory, "--summary", small.path().resolve("file")),
                    "No space left",
                    "make room");
            refused(FAILED, run("bench", "--out", directory, "--summary", "/dev/full"), "No space left", "make room");
        }
    }

    /** Budgets that no machine keeps are refused at once, each with the least that may do. */
    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "The budget of a measurement is too short for any answer",
            promise = "it is refused at once, in a line that names the least")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --budget 1s",
                "bench --quick --budget 1ms",
                "bench --ladder --budget 10s",
                "bench --growth --budget 5s",
                "bench --full --budget 5s",
                "selftest gate --budget 10s",
                "selftest gate --budget 1m --rounds-each 100"
            })
    void aBudgetThatNothingFitsIntoIsRefused(String words) throws IOException {
        String command = words + " --out " + directory;
        Ended ended = run((Object[]) command.split(" "));
        refused(BAD_INPUT, ended, "--budget", "is too short", "at least; choose --budget ");
        assertThat(ended.err()).containsPattern("choose --budget \\d+s or more");
    }
}
