package dev.tracetoll.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page counts what was tried and kept. With {@code -Dtracetoll.test.publish=true} it is written, of what the tests said before. */
class FaultsPageTest {

    @Test
    void aPromiseThatWasBrokenIsCounted() throws IOException {
        String page = new FaultsPage(List.of("ENDS\ta fault\ta promise\tebpf\t3\t3\t", "ENDS\ta fault\ta promise\tebpf\t2\t1\tp99 3 ms",
                "ENDS\ta fault\ta promise\tptrace\t1\t1\t", "OUTPUT\tanother\tstill\t-\t7\t7\t")).markdown();

        assertThat(page).contains("| a fault | a promise | 4 of 5, p99 3 ms | 1 of 1 |  |\n", "| another | still |  |  | 7 of 7 |\n")
                .containsSubsequence("## When tracing begins and ends", "## When the trace cannot be written");
        if (Boolean.getBoolean("tracetoll.test.publish")) {
            Files.writeString(Path.of(System.getProperty("tracetoll.home"), "docs", "faults.md"),
                    new FaultsPage(Files.readAllLines(PromiseRecord.FILE)).markdown());
        }
    }
}
