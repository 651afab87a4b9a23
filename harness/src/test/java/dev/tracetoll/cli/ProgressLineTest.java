package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static String shown(int round) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        new ProgressLine(new PrintStream(printed, true, StandardCharsets.UTF_8), true)
                .ofRound(0.5, round, ": 3 arms take turns");
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void howMuchTimeIsLeftIsSaidOnceARoundIsKnown() {
        assertThat(shown(1))
                .contains("round 1: 3 arms take turns", "############....")
                .doesNotContain("left");
        assertThat(shown(2)).contains("round 2: 3 arms take turns, 0 s left");
    }
}
