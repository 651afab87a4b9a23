package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.browser.Browser;
import dev.tracetoll.browser.Finding;
import dev.tracetoll.browser.PageChecks;
import dev.tracetoll.cli.ToolServer;
import dev.tracetoll.results.HostileRuns;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsBrowser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever pages {@code tracetoll report} makes, they look right in a browser, on every screen and on paper. */
@NeedsBrowser
@BesideOthers
class BrowserIT {

    private static final Path PUBLISHED =
            Path.of(System.getProperty("tracetoll.home")).resolve("reports/published/index.html");

    @TempDir
    private static Path directory;

    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void close() {
        browser.close();
    }

    /** The pages of a report of some results. */
    private static List<Path> pages(String label, List<Path> results) throws IOException {
        Path out = directory.resolve("reports").resolve(label);
        List<String> arguments = new ArrayList<>(List.of("report", "--out", out.toString()));
        results.forEach(each -> arguments.add(each.toString()));
        ToolServer.Ended ended = ToolServer.run(arguments, directory);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(file -> file.toString().endsWith(".html"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertLooksRight(List<Path> pages, BiFunction<Browser, URI, List<Finding>> checks) {
        assertThat(pages).isNotEmpty();
        List<String> wrong = new ArrayList<>();
        for (Path page : pages) {
            for (Finding finding : checks.apply(browser, page.toUri())) {
                wrong.add(page + " " + finding);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Which is held to what is made of its results elsewhere. */
    @Test
    void theReferenceReportLooksRight() {
        assertLooksRight(List.of(PUBLISHED), PageChecks::of);
    }

    @TestFactory
    Stream<DynamicTest> hostileResultsLookRight() {
        Map<String, Run> runs = new LinkedHashMap<>(HostileRuns.all());
        runs.put("growth", SampleRuns.growth());
        return runs.entrySet().stream()
                .map(run -> DynamicTest.dynamicTest(
                        run.getKey(),
                        () -> assertLooksRight(
                                pages(
                                        run.getKey(),
                                        List.of(new ResultStore(directory.resolve("results"))
                                                .save(run.getValue(), run.getKey(), Map.of()))),
                                PageChecks::ofOneOfMany)));
    }
}
