package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeScreenTest {

    private static final Map<String, Changes> SAMPLES = new TreeMap<>(Map.of(
            "fine",
            SampleChanges.fine(),
            "dearer",
            SampleChanges.dearer(),
            "cheaper",
            SampleChanges.cheaper(),
            "inconclusive",
            SampleChanges.inconclusive(),
            "across",
            SampleChanges.across(),
            "workloads",
            SampleChanges.severalWorkloads(),
            "noise",
            SampleChanges.drownedInNoise()));

    private static void assertLooksLike(String name, String rendered) throws IOException {
        Golden.of(ChangeScreenTest.class).assertEqual(name, rendered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fine", "dearer", "cheaper", "inconclusive", "across", "workloads", "noise"})
    void looksLikeTheGoldenFile(String sample) throws IOException {
        String text = new ChangeScreen(new Screen(TerminalStyle.PLAIN, 120)).render(SAMPLES.get(sample));

        assertLooksLike("changes-" + sample + "-120.txt", text);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @ParameterizedTest
    @CsvSource({"dearer, en-US", "dearer, ar-EG-u-nu-arab", "across, de-DE"})
    void fitsANarrowTerminalInEveryLocale(String sample, String locale) throws IOException {
        Golden.inLocale(locale, () -> {
            String text = new ChangeScreen(new Screen(TerminalStyle.PLAIN, 72)).render(SAMPLES.get(sample));

            assertLooksLike("changes-" + sample + "-72.txt", text);
            assertThat(text.lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(72));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"fine", "dearer", "cheaper", "inconclusive", "across", "workloads", "noise"})
    void looksLikeTheGoldenFileInMarkdown(String sample) throws IOException {
        assertLooksLike("changes-" + sample + ".md", new ChangeMarkdown().render(SAMPLES.get(sample)));
    }

    @Test
    void coloursAddNothingButColour() {
        String coloured = new ChangeScreen(new Screen(TerminalStyle.COLOURED, 80)).render(SampleChanges.dearer());

        assertThat(coloured).contains("\u001b[1;31mebpf ").contains("\u001b[1;31mdearer: ");
        assertThat(new ChangeScreen(new Screen(TerminalStyle.COLOURED, 80)).render(SampleChanges.inconclusive()))
                .contains("\u001b[33minconclusive: ");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(new ChangeScreen(new Screen(TerminalStyle.PLAIN, 80)).render(SampleChanges.dearer()));
    }
}
