package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.tracetoll.history.SampleHistories;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.BuiltTool;
import dev.tracetoll.testing.NeedsBenchstat;
import dev.tracetoll.testing.NeedsOtava;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runs in one report, and runs in what other tools read, which read it. */
@BesideOthers
class HistoryAndExportIT {

    private static final int BAD_INPUT = 2;

    @TempDir
    private Path directory;

    private List<Path> runs;

    @BeforeEach
    void save() {
        ResultStore store = new ResultStore(directory.resolve("results"));
        runs = SampleHistories.stepped().stream()
                .map(run -> store.save(run, "headline", Map.of()))
                .toList();
    }

    private ToolServer.Ended report(Object... arguments) {
        List<String> words = new ArrayList<>(List.of("report"));
        for (Object each : arguments) {
            if (each instanceof List<?> list) {
                list.forEach(one -> words.add(one.toString()));
            } else {
                words.add(each.toString());
            }
        }
        return ToolServer.run(words, directory);
    }

    private static String fine(ToolServer.Ended ended) {
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        return ended.text();
    }

    private void refused(ToolServer.Ended ended, String... words) {
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(BAD_INPUT);
        assertThat(ended.errors().lines()).hasSize(1);
        assertThat(ended.errors()).startsWith("tracetoll: ").contains(words);
        assertThat(ended.text()).isEmpty();
        assertThat(directory.resolve("reports")).doesNotExist();
    }

    @Test
    void aHistoryIsOnePage() throws IOException {
        Path page = Path.of(fine(report("--history", runs.subList(0, 6), "--out", directory.resolve("reports")))
                .strip());

        assertThat(page).isEqualTo(directory.resolve("reports/index.html"));
        assertThat(page).content().contains("ebpf-arguments", "</html>");
        assertThat(page.resolveSibling("history.csv")).content().startsWith("started,commit,");
    }

    @Test
    void whatWasThereIsReplacedIfItIsOfOneKind() throws IOException {
        Path out = directory.resolve("reports");
        fine(report("--history", runs.subList(0, 3), "--out", out));
        fine(report("--history", runs.subList(0, 6), "--out", out));
        assertThat(out.resolve("history.csv"))
                .content()
                .contains(SampleHistories.stepped().get(5).started().toString());
        Path exported = directory.resolve("exported");
        fine(report("--export", "otava", runs.subList(0, 3), "--out", exported));
        fine(report("--export", "otava", runs.subList(0, 6), "--out", exported));
        assertThat(exported.resolve("otava.csv")).content().hasLineCount(7);

        Path mine = Files.createDirectory(directory.resolve("mine"));
        Files.writeString(mine.resolve("index.html"), "mine");
        for (List<?> what : List.of(List.of("--history"), List.of("--export", "otava"))) {
            ToolServer.Ended ended = report(what, runs.subList(0, 3), "--out", mine);
            assertThat(ended.exitCode()).isEqualTo(BAD_INPUT);
            assertThat(ended.errors()).contains("something is there that is no ");
        }
        assertThat(mine.resolve("index.html")).content().isEqualTo("mine");
    }

    @Test
    void whatMakesNoHistoryIsRefusedInOneLine() {
        Path elsewhere = new ResultStore(directory.resolve("elsewhere"))
                .save(SampleHistories.elsewhere(SampleHistories.stepped().get(0)), "headline", Map.of());
        Path out = directory.resolve("reports");

        refused(report("--history", runs.get(1), elsewhere, "--out", out), "different environments");
        refused(report("--history", runs.get(1), "--out", out), "two runs at least");
        refused(report("--history", runs.get(1), directory.resolve("none"), "--out", out), "no such file");
        refused(report("--history", "--export", "jmh", runs, "--out", out), "choose one");
        refused(report("--export", "xml", runs.get(0)), "no --export xml", "jmh, bencher, otava and benchstat");
        refused(report("--export", "jmh", runs), "9 are named");
    }

    @Test
    void anExportGoesToStandardOutputOrIntoADirectory() throws IOException {
        String printed = fine(report("--export", "otava", runs));
        Path file = Path.of(fine(report("--export", "otava", runs, "--out", directory.resolve("out")))
                .strip());

        assertThat(file).content().isEqualTo(printed);
        assertThat(file).isEqualTo(directory.resolve("out/otava.csv"));
        assertThat(file.resolveSibling("otava.yaml")).content().contains("file: otava.csv");
    }

    /** It takes the medians of the rounds' medians, and finds what has become dearer. */
    @NeedsBenchstat
    @Test
    void benchstatReadsWhatIsExported() throws Exception {
        Path before =
                Files.writeString(directory.resolve("before.txt"), fine(report("--export", "benchstat", runs.get(4))));
        Path after =
                Files.writeString(directory.resolve("after.txt"), fine(report("--export", "benchstat", runs.get(5))));

        List<String> lines = benchstat("-format", "csv", before, after).lines().toList();
        Run run = SampleHistories.stepped().get(4);
        Arm arm = run.arms().stream()
                .filter(each -> each.name().equals("ebpf-arguments"))
                .findFirst()
                .orElseThrow();

        assertThat(lines).contains("goos: linux", "goarch: amd64", "pkg: dev.tracetoll/headline", "cpu: Example CPU");
        String[] line = lines.stream()
                .filter(each ->
                        each.startsWith("Calls/function=main.work/calls=200/placement=unpinned/arm=ebpf-arguments-2,"))
                .findFirst()
                .orElseThrow()
                .split(",");
        assertThat(Double.parseDouble(line[1]))
                .isCloseTo(medianOfRounds(arm) / arm.calls() / 1e9, withPercentage(0.01));
        assertThat(line[5]).as("how much dearer").startsWith("+2");
        assertThat(lines.stream().filter(each -> each.contains("/arm=")))
                .as("all arms, each in one line")
                .hasSize(run.arms().size());
    }

    private static double medianOfRounds(Arm arm) {
        return Quantiles.median(IntStream.range(0, arm.bursts().rounds())
                .mapToDouble(round -> arm.bursts().rounds(round, round + 1).quantileNs(0.5))
                .toArray());
    }

    private String benchstat(Object... arguments) throws IOException, InterruptedException {
        Path err = directory.resolve("benchstat.err");
        String out = printed(BuiltTool.BENCHSTAT, directory, err, arguments);
        assertThat(err).content().as("what it could not read").doesNotContain("parse", "malformed", ".txt:");
        return out;
    }

    private static String printed(BuiltTool tool, Path in, Path err, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool.program().toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        return out;
    }

    /** It prints each figure of each run, and between two runs by how much what has a new level has changed, below its column. */
    @NeedsOtava
    @Test
    void otavaReadsWhatIsExported() throws Exception {
        Path exported = directory.resolve("exported");
        List<String> csv = Files.readAllLines(Path.of(
                fine(report("--export", "otava", runs, "--out", exported)).strip()));

        // The runs are of days to come.
        List<String> lines = printed(
                        BuiltTool.OTAVA,
                        exported,
                        directory.resolve("otava.err"),
                        "analyze",
                        "tracetoll",
                        "--config-file",
                        "otava.yaml",
                        "--since",
                        "2026-01-01",
                        "--until",
                        "2036-01-01")
                .lines()
                .toList();

        String[] columns = csv.get(0).split(",");
        String common = "calls.main.work.200.unpinned.";
        assertThat(List.of(lines.get(0).split(" +")))
                .isEqualTo(Stream.of(columns)
                        .map(column -> column.replace(common, ""))
                        .toList());
        List<String> read = lines.stream()
                .filter(line -> line.startsWith("20"))
                .map(line ->
                        line.replaceFirst("(\\S+) (\\S+) \\+0000", "$1T$2Z").replaceAll(" +", ","))
                .toList();
        assertThat(read).as("each figure of each run").isEqualTo(csv.subList(1, csv.size()));
        int step = lines.indexOf(
                lines.stream().filter(line -> line.contains("%")).findFirst().orElseThrow());
        assertThat(lines.get(step - 2)).contains("c0ffee4");
        assertThat(lines.get(step + 2)).contains("c0ffee5");
        int floors = lines.get(0).indexOf("ebpf-arguments.floors") + "ebpf-arguments.floors".length();
        assertThat(lines.get(step).substring(0, floors)).as("how much dearer").endsWith("+25.0%");
        assertThat(lines.stream().filter(line -> line.contains("%"))).hasSize(1);
    }
}
