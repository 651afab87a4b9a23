package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.Chapter;
import dev.tracetoll.report.ReportCheck;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of several results, as {@code tracetoll report} writes and checks them. */
class ReportCommandTest {

    @TempDir
    private Path directory;

    private Path save(Run run, String label) {
        return new ResultStore(directory.resolve("results")).save(run, label, Map.of());
    }

    private Path write(Path... results) {
        return ReportWriter.replace(directory.resolve("report"), ReportCommand.chapters(List.of(results)));
    }

    private static String page(Path report) throws IOException {
        return Files.readString(report.resolve(ReportWriter.PAGE));
    }

    private static Map<String, String> content(Path report) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(report)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                content.put(
                        report.relativize(each).toString(),
                        new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }

    @Test
    void severalResultsAreOneReportThatBeginsWithTheHeadline() throws IOException {
        Path report = write(
                save(SampleRuns.ladder(), "ladder"),
                save(SampleRuns.peers(), "peers"),
                save(SampleRuns.growth(), "growth"),
                save(SampleRuns.headline(), "headline"));
        String page = page(report);

        assertThat(page.substring(page.indexOf("<h1>"), page.indexOf("</h1>"))).contains("times slower");
        List<String> sections = new ArrayList<>();
        java.util.regex.Pattern.compile("<section id=\"([^\"]*)\">")
                .matcher(page)
                .results()
                .forEach(found -> sections.add(found.group(1)));
        assertThat(sections).containsExactly("headline", "peers", "ladder", "growth", "again", "where", "limits");
        assertThat(Files.readString(report.resolve("data.csv"))
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .startsWith("results,environment,experiment,");
        assertThat(report.resolve("results").toFile().list()).hasSize(4);
    }

    @Test
    void everyFigureOfTheDataIsInTheResults() throws IOException {
        Path stored = save(SampleRuns.headline(), "headline");
        Path report = write(stored);
        Run run = ResultStore.load(stored);

        List<String> lines = Files.readAllLines(report.resolve("data.csv"));
        run.comparisons().stream()
                .filter(comparison -> comparison.against().equals("untraced") && !comparison.noiseFloor())
                .forEach(comparison -> assertThat(lines)
                        .anyMatch(line -> line.contains("," + comparison.arm() + ",overhead per call,ns,"
                                + comparison.overheadPerCallNs().median() + ","
                                + comparison.overheadPerCallNs().low() + ","
                                + comparison.overheadPerCallNs().high())));
    }

    @Test
    void aReportIsReplacedButNothingElse() throws IOException {
        Path stored = save(SampleRuns.headline(), "headline");
        Map<String, String> first = content(write(stored));
        assertThat(content(write(stored))).as("made again").isEqualTo(first);

        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve(ReportWriter.PAGE), "<html>mine</html>");
        List<Chapter> chapters = ReportCommand.chapters(List.of(stored));
        assertThatThrownBy(() -> ReportWriter.replace(other, chapters))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no report");
        assertThat(other.resolve(ReportWriter.PAGE)).hasContent("<html>mine</html>");
    }

    @Test
    void whatHasBeenChangedIsFound() throws IOException {
        Path report = write(save(SampleRuns.headline(), "headline"));
        ReportCheck whole = ReportCheck.of(report, ReportCommand::chapters);
        assertThat(whole.holds()).as(whole.inWords()).isTrue();
        assertThat(whole.inWords()).contains("figures among it, follows from the results in it");

        Path data = report.resolve("data.csv");
        Files.writeString(data, Files.readString(data).replaceFirst("ebpf", "better"));
        ReportCheck changed = ReportCheck.of(report, ReportCommand::chapters);
        assertThat(changed.different()).containsExactly("data.csv");
        assertThat(changed.inWords()).contains("data.csv comes out different");

        assertThatThrownBy(() -> ReportCheck.of(directory, ReportCommand::chapters))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("name the directory of a report");
    }

    @Test
    void theSameResultsNamedTwiceAreShownOnce() throws IOException {
        Path stored = save(SampleRuns.headline(), "headline");
        assertThat(page(write(stored, stored))).isEqualTo(page(write(stored)));
    }

    @Test
    void runsOfOneKindAreComparedBelowTheNewest() throws IOException {
        Path first = save(SampleRuns.headline(), "headline");
        Path second = Files.createDirectories(directory.resolve("elsewhere/2026-11-23T00-00-00Z-headline"));
        Files.writeString(
                second.resolve("results.json"),
                Files.readString(first.resolve("results.json"))
                        .replace("2026-11-22T20:42:05", "2026-11-23T20:42:05")
                        .replace("Example CPU", "Other CPU"));
        String page = page(write(first, second));

        assertThat(page).contains("The same on other machines", "Other CPU", "2026-11-22", "2026-11-23");
        assertThat(page.split("<section id=\"headline", -1)).hasSize(2);
    }
}
