package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.text.TerminalStyle;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaselineTableTest {

    @Test
    void looksLikeTheGoldenFile() throws IOException {
        Golden.of(BaselineTableTest.class).assertEqual("baselines.txt",
                new BaselineTable(TerminalStyle.PLAIN).render(Map.of(SampleRuns.environment().fingerprint(), SampleRuns.headline())));
    }

    @Test
    void saysWhatToDoWhereThereIsNone() {
        assertThat(new BaselineTable(TerminalStyle.PLAIN).render(Map.of())).contains("baseline adopt");
    }
}
