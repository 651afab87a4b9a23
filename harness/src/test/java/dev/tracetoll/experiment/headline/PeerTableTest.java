package dev.tracetoll.experiment.headline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long")
class PeerTableTest {

    private static final Golden GOLDEN = Golden.of(PeerTableTest.class);
    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final Pattern TABLES = Pattern.compile(
            "(?<=<!-- tables of (\\S{1,200}) -->\n).*?(?=<!-- end of the tables -->\n)", Pattern.DOTALL);

    private final Locale before = Locale.getDefault();

    @TempDir
    private Path directory;

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    private static String render(Run run, int columns) {
        Run checked = ResultStore.checked(run);
        HeadlineScreen table = new HeadlineScreen(new Screen(TerminalStyle.PLAIN, columns), true);
        return table.render(Headline.of(checked)) + table.renderRemarks(checked);
    }

    private static PeerFigures.Row row(Run run, String name) {
        return PeerFigures.of(Headline.of(run)).rows().stream()
                .filter(row -> row.of().arm().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"en-US, 80", "en-US, 160", "de-DE, 120", "ar-EG-u-nu-arab, 80"})
    void looksLikeTheGoldenFileInEveryLocale(String locale, int columns) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(locale));

        String text = render(SampleRuns.peers(), columns);

        GOLDEN.assertEqual("peers-" + columns + ".txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }

    @Test
    void theDocumentLooksLikeTheGoldenFile() throws IOException {
        Locale.setDefault(Locale.GERMANY);

        GOLDEN.assertEqual("peers.md", document(ResultStore.checked(SampleRuns.peers())));
    }

    @Test
    void aPeerIsComparedWithTheCheapestOfOursThatTellsAsMuch() {
        Run run = SampleRuns.peers();

        assertThat(row(run, "bpftrace").toOurs().orElseThrow().to()).isEqualTo("ebpf-count");
        assertThat(row(run, "bpftrace").toStopping()).isEmpty();
        assertThat(row(run, "perf").toOurs().orElseThrow().to()).isEqualTo("ebpf-arguments");
        assertThat(row(run, "gdb").toStopping().orElseThrow().to()).isEqualTo("ptrace-arguments");
        assertThat(row(run, "dlv").toOurs().orElseThrow().to()).isEqualTo("ebpf");
        assertThat(row(run, "dlv").toStopping().orElseThrow().to()).isEqualTo("ptrace");
        assertThat(row(run, "ebpf").toOurs()).isEmpty();
        // 1 100 ms less 24 µs untraced, to 683 µs less the same; bursts vary by 2 %.
        assertThat(row(run, "dlv")
                        .toOurs()
                        .orElseThrow()
                        .overheads()
                        .orElseThrow()
                        .median())
                .isBetween(1_600.0, 1_740.0);
    }

    /** As one that another version has measured: only its name is like that of a technique which there is. */
    @Test
    void ofATechniqueThatIsNotKnownOnlyWhatItCostsIsSaid() {
        List<Arm> arms = SampleRuns.peers().arms().stream()
                .map(arm -> arm.name().equals("ebpf-count")
                        ? SampleRuns.arm("ebpf-new", "ebpf-new", 23_000, new EventCounts(66_000, 66_000, 0))
                        : arm)
                .toList();

        Run run = SampleRuns.run(arms);

        assertThat(row(run, "ebpf-new").tells()).isEqualTo("unknown");
        assertThat(row(run, "ebpf-new").of().floor()).isFalse();
        assertThat(row(run, "ebpf-new").of().comparison()).isPresent();
        assertThat(row(run, "bpftrace").toOurs().orElseThrow().to())
                .as("the cheapest that is known to tell as much")
                .isEqualTo("ebpf-arguments");
        assertThat(row(run, "untraced").tells()).isEqualTo("nothing");
    }

    @Test
    void ofOursThatLostEventsNoneIsAYardstick() {
        List<Arm> arms = SampleRuns.peers().arms().stream()
                .map(arm -> arm.name().equals("ebpf-count") ? SampleRuns.lossy(arm) : arm)
                .toList();

        assertThat(row(SampleRuns.run(arms), "bpftrace").toOurs().orElseThrow().to())
                .isEqualTo("ebpf-arguments");
    }

    @Test
    void withoutAnyOfOursThatTellsAsMuchThereIsNoRatio() {
        List<Arm> arms = SampleRuns.peers().arms().stream()
                .filter(arm -> !List.of("ebpf", "ptrace").contains(arm.name()))
                .toList();

        assertThat(row(SampleRuns.run(arms), "dlv").toOurs()).isEmpty();
        assertThat(PeerFigures.of(Headline.of(SampleRuns.run(arms))).findings())
                .noneSatisfy(finding -> assertThat(finding).contains("dlv"));
    }

    @Test
    void aPeerThatIsCheaperThanOursIsSaidToBe() {
        assertThat(row(SampleRuns.peers(), "perf").toOurs().orElseThrow().cheaper())
                .isTrue();
        assertThat(row(SampleRuns.peers(), "dlv-ebpf").toOurs().orElseThrow().open())
                .isTrue();
        assertThat(render(SampleRuns.peers(), 160))
                .contains(
                        "CHEAPER ×0.69",
                        "CHEAPER than ours: perf than ebpf-arguments, ×0.69",
                        "open which of the two is cheaper: dlv-ebpf or ebpf")
                .doesNotContain("CHEAPER than ours: bpftrace");
    }

    @Test
    void theReportHoldsTheDocumentWhereThereArePeersOnly() throws IOException {
        ResultStore store = new ResultStore(directory.resolve("results"));
        Path reports = directory.resolve("reports");

        assertThat(new HeadlineExperiment()
                        .report(store.save(SampleRuns.peers(), "peers", Map.of()), reports)
                        .resolveSibling("peers.md"))
                .content()
                .contains("| count | bpftrace |");
        assertThat(new HeadlineExperiment()
                        .report(store.save(SampleRuns.headline(), "headline", Map.of()), reports)
                        .resolveSibling("peers.md"))
                .doesNotExist();
    }

    private static String document(Run run) {
        return new String(
                Objects.requireNonNull(
                        new HeadlineExperiment().exhibit(run).documents().get("peers.md")),
                StandardCharsets.UTF_8);
    }

    /** Each part of the page that names a run; with {@code -Dtracetoll.write.docs=true} it is written anew. */
    @Test
    void thePageShowsTheRunsThatItNames() throws IOException {
        Path page = HOME.resolve("docs/peers.md");
        String text = Files.readString(page);
        String made = TABLES.matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(document(ResultStore.load(HOME.resolve(part.group(1))))));
        if (Boolean.getBoolean("tracetoll.write.docs")) {
            Files.writeString(page, made);
        }
        assertThat(Files.readString(page)).isEqualTo(made);
    }
}
