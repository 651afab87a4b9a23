package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.kernel.Feature;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NeedsFeatureTest {

    private static final Feature PRESENT = Feature.works("ptrace", "seized and stopped a child");
    private static final Feature ABSENT = Feature.fails("ptrace", "no permission", "run as root");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void runsWhereTheFeatureIsThere() {
        assertThat(NeedsFeature.decide(PRESENT, false, "traces", out).isDisabled())
                .isFalse();
        assertThat(NeedsFeature.decide(PRESENT, true, "traces", out).isDisabled())
                .isFalse();
    }

    @Test
    void skipsWithTheReasonElsewhere() {
        assertThat(NeedsFeature.decide(ABSENT, false, "traces", out)).satisfies(result -> {
            assertThat(result.isDisabled()).isTrue();
            assertThat(result.getReason())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("no permission", "run as root"));
        });
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("SKIPPED traces", "no permission", "run as root");
    }

    @Test
    void failsInCi() {
        assertThatThrownBy(() -> NeedsFeature.decide(ABSENT, true, "traces", out))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("traces", "no permission", "run as root");
    }
}
