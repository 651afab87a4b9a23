package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.HostileRuns;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What reports make of results that make it hard; {@code BrowserIT} looks at the same as it is shown. */
class HostileReportTest {

    /** Of hostile names, which most is asked about. */
    @TempDir
    private static Path ofNames;

    @TempDir
    private Path directory;

    @BeforeAll
    static void reportNames() throws IOException {
        report(HostileRuns.names(), ofNames);
    }

    private static void report(Run run, Path directory) throws IOException {
        Path results = new ResultStore(directory.resolve("results")).save(run, "hostile", Map.of());
        Path out = directory.resolve("reports");
        assertThat(Main.run("report", "--out", out.toString(), results.toString()))
                .isZero();
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("reports"))) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private String page(Run run) throws IOException {
        report(run, directory);
        return page(directory);
    }

    private static String page(Path directory) throws IOException {
        return String.join(
                "\n",
                files(directory, ".html").stream().map(HostileReportTest::read).toList());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noNameBecomesMarkup() throws IOException {
        assertThat(page(ofNames))
                .doesNotContainPattern("(?i)<script")
                .doesNotContain("<img src=x", "<svg onload", "<!-- -->", "<![CDATA[", "&lt;b&gt;&amp;<")
                .doesNotContainPattern("href=\"javascript:")
                .contains("&lt;script&gt;alert(", "&amp;lt;b&amp;gt;");
    }

    @Test
    void noNameIsAPartOfTheTemplate() throws IOException {
        assertThat(page(ofNames)).contains("{{environment}} {{charts}} $1 \\1 %s");
    }

    @Test
    void noNameIsObeyedByAReader() throws IOException {
        assertThat(page(ofNames)).doesNotContain("\u001b", "\u0007", "\u202e", "\u200b");
    }

    @Test
    void signaturesAreShownAsTheyAre() throws IOException {
        String script = "&lt;script&gt;alert('name')&lt;/script&gt; ";

        assertThat(page(ofNames)).containsPattern("<code>" + Pattern.quote(script) + "[^<]*, error\\)</code>");
        assertThat(markdown(ofNames)).containsPattern("- <code>" + Pattern.quote(script) + ".*, error\\)</code>");
    }

    /** Folded on the page, and the first of them in Markdown. */
    @Test
    void ofManyFunctionsEachIsThereAndTheirNumber() throws IOException {
        Run run = HostileRuns.manyFunctions();
        String page = page(run);

        assertThat(page).contains("<details>\n<summary>" + HumanUnits.count(2_000) + " functions</summary>\n<ul>");
        assertThat(run.arms().get(1).signatures())
                .allSatisfy(signature -> assertThat(page).contains("<code>" + signature + "</code>"));
        assertThat(markdown(directory)).contains("function10(").doesNotContain("function11(");
    }

    private static String markdown(Path directory) throws IOException {
        return read(files(directory, "report.md").get(0));
    }

    @Test
    void picturesStayWhole() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        for (Path picture : files(ofNames, ".svg")) {
            Document document = factory.newDocumentBuilder().parse(picture.toFile());
            NodeList texts = document.getElementsByTagName("text");
            assertThat(IntStream.range(0, texts.getLength())
                            .mapToObj(i -> texts.item(i).getTextContent()))
                    // Long names are cut.
                    .anyMatch(text -> text.startsWith(" id=\"a\" url("))
                    .anyMatch(text -> text.startsWith("<script>alert("));
        }
        assertThat(page(ofNames)).doesNotContainPattern("id=(\"|&quot;)[a-z-]+-a(\"|&quot;)");
    }

    @Test
    void thatNothingWasTracedIsSaid() throws IOException {
        assertThat(page(HostileRuns.onlyUntraced())).containsPattern("(?i)no technique|nothing (was|is) traced");
    }

    @Test
    void thatThereAreTooFewBurstsIsSaid() throws IOException {
        assertThat(page(HostileRuns.oneBurst())).containsPattern("(?i)only 1 round");
    }

    @Test
    void everyArmIsShown() throws IOException {
        String page = page(HostileRuns.manyArms());
        assertThat(HostileRuns.manyArms().arms())
                .allSatisfy(arm -> assertThat(page).contains(">" + arm.name() + "<"));
    }
}
