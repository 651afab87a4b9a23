package dev.tracetoll.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The page says what the tests promise, in their words, and nothing that was not kept. With {@code -Dtracetoll.test.publish=true} it is made anew,
 * of what the tests said just now and, for the others, of what they said before.
 */
class FaultsPageTest {

    private static final Path DOCS = Path.of(System.getProperty("tracetoll.home"), "docs");
    private static final Path PAGE = DOCS.resolve("faults.md");
    private static final Path RECORD = DOCS.resolve("faults.tsv");
    private static final Pattern ROW = Pattern.compile("\\| (.+?) \\| (.+?) ((?:\\|[^|]*){5})\\|");

    @BeforeAll
    static void publish() throws IOException {
        if (!Boolean.getBoolean("tracetoll.test.publish")) {
            return;
        }
        FaultsPage page =
                new FaultsPage(Files.exists(PromiseRecord.FILE) ? Files.readAllLines(PromiseRecord.FILE) : List.of());
        if (Files.exists(RECORD)) {
            page.addEarlier(Files.readAllLines(RECORD), promises());
        }
        Files.write(RECORD, page.record());
        Files.writeString(PAGE, page.markdown());
    }

    @Test
    void theRowsOfThePageAreThePromises() throws IOException {
        assertThat(rows().map(row -> FaultsPage.words(row.group(1), row.group(2))))
                .as("docs/faults.md is made anew by: sh docs/publish.sh faults")
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(promises());
    }

    @Test
    void thePageIsThatOfItsRecord() throws IOException {
        FaultsPage page = new FaultsPage(Files.readAllLines(RECORD));

        assertThat(PAGE).hasContent(page.markdown());
        assertThat(page.record()).isEqualTo(Files.readAllLines(RECORD));
    }

    @Test
    void allWasKept() throws IOException {
        assertThat(rows()).isNotEmpty().allSatisfy(row -> {
            List<String> counts = Stream.of(row.group(3).split("\\|"))
                    .map(String::strip)
                    .filter(count -> !count.isEmpty())
                    .toList();
            assertThat(counts).as(row.group()).isNotEmpty().allSatisfy(count -> {
                String[] words = count.replaceFirst(",.*", "").split(" of ");
                assertThat(words).as(count).hasSize(2);
                assertThat(words[0]).as(count).isEqualTo(words[1]).matches("[1-9][0-9]*");
            });
        });
    }

    @Test
    void aPromiseThatWasBrokenIsCounted() {
        String page = new FaultsPage(List.of(
                        "ENDS\ta fault\ta promise\tebpf\t3\t3\t",
                        "ENDS\ta fault\ta promise\tebpf\t2\t1\tp99 3 ms",
                        "ENDS\ta fault\ta promise\tptrace\t1\t1\t",
                        "ENDS\ta fault\ta promise\tinline\t6\t6\t",
                        "ENDS\ta fault\ta promise\tebpf-patched\t8\t8\t",
                        "OUTPUT\tanother\tstill\t-\t7\t7\t"))
                .markdown();

        assertThat(page)
                .contains(
                        "| a fault | a promise | 4 of 5, p99 3 ms | 8 of 8 | 6 of 6 | 1 of 1 |  |\n",
                        "| another | still |  |  |  |  | 7 of 7 |\n")
                .containsSubsequence("## When tracing begins and ends", "## When the trace cannot be written");
    }

    @Test
    void whatWasNotTriedAgainStaysAsLongAsItIsPromised() {
        FaultsPage page = new FaultsPage(List.of("ENDS\ta fault\ta promise\tebpf\t3\t3\t"));
        page.addEarlier(
                List.of(
                        "ENDS\ta fault\ta promise\tebpf\t100\t99\t",
                        "ENDS\ta fault\ta promise\tptrace\t5\t5\t",
                        "ENDS\tof the past\tnever\tebpf\t1\t1\t"),
                Set.of("a fault: a promise"));

        assertThat(page.record())
                .containsExactly("ENDS\ta fault\ta promise\tebpf\t3\t3\t", "ENDS\ta fault\ta promise\tptrace\t5\t5\t");
    }

    private static Set<String> promises() throws IOException {
        Path classes = Path.of("target", "test-classes");
        List<String> names;
        try (Stream<Path> files = Files.walk(classes)) {
            names = files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.matches("dev/tracetoll/.*IT\\.class"))
                    .map(file -> file.replaceFirst("\\.class$", "").replace('/', '.'))
                    .toList();
        }
        return names.stream()
                .flatMap(name -> Stream.of(load(name).getDeclaredMethods()))
                .map(method -> method.getAnnotation(Promise.class))
                .filter(Objects::nonNull)
                .map(promise -> FaultsPage.words(promise.fault(), promise.promise()))
                .collect(Collectors.toSet());
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, FaultsPageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Matcher> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .filter(row -> !row.group(1).matches("fault|---"));
    }
}
