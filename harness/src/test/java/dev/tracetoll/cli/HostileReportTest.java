package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.HostileRuns;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What reports make of results that make it hard; {@code BrowserIT} looks at the same as it is shown. */
class HostileReportTest {

    @TempDir
    private Path directory;

    private List<Path> report(Run run, String ending) throws IOException {
        Path results = new ResultStore(directory.resolve("results")).save(run, "hostile", null);
        Path out = directory.resolve("reports");
        assertThat(Main.run("report", "--out", out.toString(), results.toString()))
                .isZero();
        try (Stream<Path> files = Files.walk(out)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private String page(Run run) throws IOException {
        return String.join(
                "\n", report(run, ".html").stream().map(HostileReportTest::read).toList());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says what is amiss without the whole page. */
    private static void assertHas(String page, String pattern) {
        assertThat(Pattern.compile(pattern).matcher(page).find())
                .as("whether the page has %s", pattern)
                .isTrue();
    }

    private static void assertHasNot(String page, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(page);
        assertThat(found.results().map(MatchResult::group).distinct())
                .as("what the page has of %s", pattern)
                .isEmpty();
    }

    @Test
    void noNameBecomesMarkup() throws IOException {
        String page = page(HostileRuns.names());
        assertHasNot(page, "(?i)<script|<img src=x|<svg onload|<!-- -->|<!\\[CDATA\\[|href=\"javascript:");
        assertHas(page, "&lt;script&gt;alert\\(");
        assertHas(page, "&amp;lt;b&amp;gt;");
    }

    @Test
    void noNameIsAPartOfTheTemplate() throws IOException {
        String page = page(HostileRuns.names());
        assertHas(page, Pattern.quote("{{environment}} {{charts}} $1 \\1 %s"));
        assertHasNot(page, "&amp;amp; <dt>");
    }

    /** Neither a terminal nor a line is turned round by what is read there. */
    @Test
    void noNameIsObeyedByAReader() throws IOException {
        assertHasNot(page(HostileRuns.names()), "[\\x07\\x1b\\u200b\\u202e]|&#(27|7|x1b|x7);");
    }

    @Test
    void picturesStayWhole() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        for (Path picture : report(HostileRuns.names(), ".svg")) {
            Document document = factory.newDocumentBuilder().parse(picture.toFile());
            NodeList texts = document.getElementsByTagName("text");
            assertThat(IntStream.range(0, texts.getLength())
                            .mapToObj(i -> texts.item(i).getTextContent()))
                    .contains(" id=\"a\" url(#b) font-family:&quot;x&quot;", "<script>alert('name')</script>");
        }
        assertHasNot(page(HostileRuns.names()), "id=(\"|&quot;)[a-z-]+-a(\"|&quot;)");
    }

    @Test
    void thatNothingWasTracedIsSaid() throws IOException {
        assertHas(page(HostileRuns.onlyUntraced()), "(?i)no technique|nothing (was|is) traced");
    }

    @Test
    void thatThereAreTooFewBurstsIsSaid() throws IOException {
        assertHas(page(HostileRuns.oneBurst()), "(?i)too few|only one|no interval|fewer than");
    }

    @Test
    void everyArmIsShown() throws IOException {
        String page = page(HostileRuns.manyArms());
        assertThat(HostileRuns.manyArms().arms())
                .extracting(Arm::name)
                .allSatisfy(name -> assertHas(page, ">" + name + "<"));
    }
}
