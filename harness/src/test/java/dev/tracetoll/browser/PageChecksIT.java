package dev.tracetoll.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each check finds what it is there for, in a page that is broken in that way and no other. */
@NeedsBrowser
@BesideOthers
class PageChecksIT {

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

    /** What is broken is so on all of them. */
    private static final List<View> SCREENS = List.of(new View(360, false, false), new View(1_280, true, false));

    private static final String TABLE =
            "<table><tr><th>one</th><th>two</th><th>three</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>";

    /** Broken parts of a page, by what is wrong with it; each check has one at least. */
    private static final Map<Check, List<String>> BROKEN = new EnumMap<>(Map.ofEntries(
            Map.entry(
                    Check.REQUEST,
                    List.of(
                            "<figure><img alt='elsewhere' src='https://example.invalid/a.png'><figcaption>It is not here.</figcaption></figure>",
                            "<figure><img alt='gone' src='gone.png'><figcaption>It is not here.</figcaption></figure>",
                            "<p style='background: url(https://example.invalid/b.png)'>behind</p>")),
            Map.entry(Check.CONSOLE, List.of("<script>console.error('broken')</script>", "<script>missing()</script>")),
            Map.entry(
                    Check.SCRIPT,
                    List.of(
                            "<script>alert('from data')</script>",
                            "<p onmouseover='alert(1)'>over</p>",
                            "<a href='javascript:alert(1)'>link</a>")),
            Map.entry(
                    Check.CHART_NAME,
                    List.of(
                            "<svg role='img' width='50' height='50'><desc>What it shows.</desc></svg>",
                            "<svg aria-label='name' width='50' height='50'><desc>What it shows.</desc></svg>")),
            Map.entry(
                    Check.CHART_WORDS,
                    List.of(
                            "<svg role='img' aria-label='name' width='50' height='50'></svg>",
                            "<svg role='img' aria-label='name' width='50' height='50'><desc>name</desc></svg>",
                            "<svg role='img' aria-label='a' width='50' height='50'><desc>Same.</desc></svg>"
                                    + "<svg role='img' aria-label='b' width='50' height='50'><desc>Same.</desc></svg>")),
            Map.entry(
                    Check.OVERFLOW,
                    List.of("<p style='width: 100rem'>wide</p>", "<p>" + "unbroken".repeat(200) + "</p>")),
            Map.entry(
                    Check.SCROLLING,
                    List.of(
                            "<div style='overflow-x: auto; width: 9rem'><p style='width: 20rem'>scrolls</p></div>",
                            "<div style='overflow-x: auto; width: 9rem' tabindex='0'><p style='width: 20rem'>on paper</p></div>",
                            "<div style='overflow: hidden; width: 9rem'><p style='width: 20rem'>cut</p></div>")),
            Map.entry(
                    Check.OVERLAP,
                    List.of(
                            chart("<text x='10' y='30'>one text</text><text x='40' y='32'>another</text>"),
                            chart(
                                    "<text x='100' y='80' transform='rotate(-90 100 80)'>turned</text><text x='85' y='60'>level</text>"))),
            Map.entry(Check.CUT, List.of(chart("<text x='170' y='30'>too far to the right</text>"))),
            Map.entry(
                    Check.CONTRAST,
                    List.of(
                            chart("<text x='10' y='30' style='fill: #888'>faint in both</text>"),
                            chart("<rect width='100' height='50' fill='#777'/><text x='10' y='30'>on a bar</text>"))),
            Map.entry(
                    Check.SMALL,
                    List.of(
                            chart("<text x='10' y='30' style='font-size: 7px'>small</text>"),
                            "<p style='font-size: 7px'>small</p>")),
            Map.entry(
                    Check.SCHEME,
                    List.of("<style>body { background: #fff !important; color: #000 !important }</style>")),
            Map.entry(
                    Check.ACCESSIBILITY,
                    List.of(
                            "<p style='color: #888'>faint in both</p>",
                            "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='> ")),
            Map.entry(
                    Check.PAPER,
                    List.of(
                            "<style>@media print { p { break-after: page; height: 9rem } }</style>"
                                    + "<p>page</p>".repeat(9),
                            "<style>@media print { hr { break-before: page; break-after: page; } }</style><hr><p>end</p>")),
            Map.entry(
                    Check.PAPER_COLUMN,
                    List.of("<style>@media print { td:last-child, th:last-child { font-size: 0 } }</style>" + TABLE))));

    private static String chart(String content) {
        return "<svg role='img' aria-label='a chart' width='200' height='100'><desc>It shows something.</desc>"
                + content + "</svg>";
    }

    private static List<Finding> findings(String name, String content) throws IOException {
        Path page = Files.writeString(directory.resolve(name + ".html"), """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="color-scheme" content="light dark">
                <link rel="icon" href="data:,">
                <title>A page</title>
                <style>
                body { background: #fff; color: #111; font: 16px sans-serif; }
                svg text { fill: #111; font-size: 14px; }
                @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } svg text { fill: #eee } }
                @media print { body { background: #fff; color: #111 } svg text { fill: #111 } }
                </style>
                </head>
                <body><main><h1>A page</h1>
                %s
                </main></body>
                </html>
                """.formatted(content));
        return PageChecks.of(browser, page.toUri(), SCREENS);
    }

    @Test
    void aGoodPageHasNothingWrong() throws IOException {
        String close = chart(
                "<text x='10' y='30'>close</text><text x='10' y='45'>below</text><text x='70' y='30'>beside</text>");
        String other =
                "<figure><svg role='img' aria-labelledby='t' width='60' height='60'><title id='t'>bars</title></svg>"
                        + "<figcaption>Bars of another height.</figcaption></figure>";
        String wide = "<style>@media print { .scroll p { width: auto !important } }</style>"
                + "<div class='scroll' tabindex='0' style='overflow-x: auto'><p style='width: 200rem'>wide</p></div>";

        assertThat(findings("good", TABLE + close + other + wide)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void eachCheckFindsWhatIsBroken(Check check) throws IOException {
        List<String> broken = BROKEN.getOrDefault(check, List.of());
        assertThat(broken).as("a broken page for each check").isNotEmpty();
        for (int i = 0; i < broken.size(); i++) {
            assertThat(findings(check + "-" + i, broken.get(i)))
                    .as(broken.get(i))
                    .extracting(Finding::check)
                    .contains(check);
        }
    }

    @Test
    void theBrowserLeavesNothingBehind() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        List<ProcessHandle> started;
        Path kept;
        try (Browser another = Browser.start();
                Tab tab = another.open()) {
            tab.load(Files.writeString(directory.resolve("any.html"), "<p>any").toUri());
            // Other tests start processes meanwhile.
            started = another.family();
            assertThat(started).hasSizeGreaterThan(2);
            kept = another.directory();
            assertThat(kept).exists().startsWith(temporary);
        }
        assertThat(kept).doesNotExist();
        assertThat(started).noneMatch(ProcessHandle::isAlive);
    }
}
