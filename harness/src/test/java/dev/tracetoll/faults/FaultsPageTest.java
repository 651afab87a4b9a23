package dev.tracetoll.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page says what the tests promise, in their words, and of nothing that it was not kept. */
class FaultsPageTest {

    private static final Path PAGE = Path.of(System.getProperty("tracetoll.home"), "docs", "faults.md");
    private static final Pattern ROW = Pattern.compile("\\| (.+?) \\| (.+?) \\| (.*?) ?\\| (.*?) ?\\| (.*?) ?\\|");

    @Test
    void eachRowOfThePageIsAPromise() throws IOException {
        if (Boolean.getBoolean("tracetoll.test.publish")) {
            Files.writeString(PAGE, new FaultsPage(Files.readAllLines(PromiseRecord.FILE)).markdown());
        }
        List<String> rows = rows().map(row -> row.group(1) + ": " + row.group(2)).toList();
        assertThat(rows).as("docs/faults.md is made anew by: sh docs/publish.sh faults").doesNotHaveDuplicates()
                .isSubsetOf(promises().map(promise -> promise.fault() + ": " + promise.promise()).toList());
    }

    @Test
    void allWasKept() throws IOException {
        assertThat(rows()).isNotEmpty().allSatisfy(row -> {
            List<String> counts = Stream.of(row.group(3), row.group(4), row.group(5)).filter(count -> !count.isEmpty()).toList();
            assertThat(counts).as(row.group()).isNotEmpty().allSatisfy(count -> {
                String[] words = count.replaceFirst(",.*", "").split(" of ");
                assertThat(words).as(count).hasSize(2);
                assertThat(words[0]).as(count).isEqualTo(words[1]).matches("[1-9][0-9]*");
            });
        });
    }

    @Test
    void aPromiseThatWasBrokenIsCounted() {
        String page = new FaultsPage(List.of("ENDS\ta fault\ta promise\tebpf\t3\t3\t", "ENDS\ta fault\ta promise\tebpf\t2\t1\tp99 3 ms",
                "ENDS\ta fault\ta promise\tptrace\t1\t1\t", "OUTPUT\tanother\tstill\t-\t7\t7\t")).markdown();

        assertThat(page).contains("| a fault | a promise | 4 of 5, p99 3 ms | 1 of 1 |  |\n", "| another | still |  |  | 7 of 7 |\n")
                .containsSubsequence("## When tracing begins and ends", "## When the trace cannot be written");
    }

    private static Stream<Promise> promises() throws IOException {
        Path classes = Path.of("target", "test-classes");
        List<String> names;
        try (Stream<Path> files = Files.walk(classes)) {
            names = files.map(file -> classes.relativize(file).toString()).filter(file -> file.matches("dev/tracetoll/.*IT\\.class"))
                    .map(file -> file.replaceFirst("\\.class$", "").replace('/', '.')).toList();
        }
        return names.stream().flatMap(name -> Stream.of(load(name).getDeclaredMethods())).map(method -> method.getAnnotation(Promise.class))
                .filter(Objects::nonNull);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, FaultsPageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Matcher> rows() throws IOException {
        return Files.readAllLines(PAGE).stream().map(ROW::matcher).filter(Matcher::matches).filter(row -> !row.group(1).matches("fault|---"));
    }
}
