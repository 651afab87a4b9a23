package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.report.ReportWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference report, and the pages of the documentation that are of single runs, are made of what is published. */
class PublishedReportTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final Path PUBLISHED = HOME.resolve("reports/published");

    @TempDir
    private Path directory;

    private static List<Path> results() throws IOException {
        try (Stream<Path> all = Files.walk(HOME.resolve("results/published"), 2)) {
            return all.filter(path -> path.getParent().getParent().endsWith("published"))
                    .sorted()
                    .toList();
        }
    }

    /** Where letters stand depends on the fonts of the machine. */
    private static String words(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8)
                .replaceAll("(?s)<svg.*?</svg>", "")
                .replaceAll("(?m)^\\.s\\w+ \\{.*$", "");
    }

    private static List<String> names(Path report) throws IOException {
        try (Stream<Path> all = Files.walk(report)) {
            return all.map(path -> report.relativize(path).toString()).sorted().toList();
        }
    }

    @Test
    void whatIsPublishedIsMadeOfTheResults() throws IOException {
        Path made = ReportWriter.replace(directory.resolve("made"), ReportCommand.chapters(results()));

        assertThat(names(made)).isEqualTo(names(PUBLISHED));
        for (String name : names(made)) {
            if (name.endsWith(".html") || name.endsWith(".md")) {
                assertThat(words(made.resolve(name))).as(name).isEqualTo(words(PUBLISHED.resolve(name)));
            } else if (name.endsWith(".csv") || name.endsWith(".json")) {
                assertThat(made.resolve(name)).as(name).hasSameBinaryContentAs(PUBLISHED.resolve(name));
            }
        }
        for (String page : List.of("ladder.md", "gate.md", "gate-under-load.md", "tuning.md", "tuning-check.md")) {
            assertThat(HOME.resolve("docs").resolve(page)).hasSameTextualContentAs(made.resolve(page));
            Pattern.compile("(?:src|srcset)=\"([^\"]*)\"")
                    .matcher(Files.readString(made.resolve(page)))
                    .results()
                    .forEach(picture -> assertThat(HOME.resolve("docs").resolve(picture.group(1)))
                            .exists());
        }
        assertThat(HOME.resolve("docs/peer-table.md")).hasSameTextualContentAs(made.resolve("peers.md"));
    }

    @Test
    void theReadmeBeginsWithItsFinding() throws IOException {
        String page = Files.readString(PUBLISHED.resolve(ReportWriter.PAGE), StandardCharsets.UTF_8);
        String finding = page.substring(page.indexOf("<h1>") + 4, page.indexOf("</h1>"));
        String readme = Files.readString(HOME.resolve("README.md"), StandardCharsets.UTF_8);
        assertThat(readme.replace('\u202f', ' ').replaceAll("\\s+", " "))
                .contains(finding.replace('\u00a0', ' ').replace('\u202f', ' ').replaceAll("\\s+", " "));
    }
}
