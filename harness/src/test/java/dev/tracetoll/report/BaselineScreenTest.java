package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaselineScreenTest {

    @Test
    void looksLikeTheGoldenFile() throws IOException {
        Golden.of(BaselineScreenTest.class)
                .assertEqual(
                        "baselines.txt",
                        new BaselineScreen(new Screen(TerminalStyle.PLAIN, 80))
                                .render(Map.of(SampleRuns.environment().fingerprint(), SampleRuns.headline())));
    }

    @Test
    void saysWhatToDoWhereThereIsNone() {
        assertThat(new BaselineScreen(new Screen(TerminalStyle.PLAIN, 80)).render(Map.of()))
                .contains("baseline adopt");
    }
}
