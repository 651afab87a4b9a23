package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.Feature;
import org.junit.jupiter.api.Test;

class NeedsFeatureTest {

    private static final Feature PRESENT = Feature.works("ptrace", "seized and stopped a child");
    private static final Feature ABSENT = Feature.fails("ptrace", "no permission", "run as root");

    @Test
    void runsWhereTheFeatureIsThere() {
        assertThat(NeedsFeature.decide(PRESENT, false, "traces").isDisabled()).isFalse();
        assertThat(NeedsFeature.decide(PRESENT, true, "traces").isDisabled()).isFalse();
    }

    @Test
    void skipsWithTheReasonElsewhere() {
        assertThat(NeedsFeature.decide(ABSENT, false, "traces")).satisfies(result -> {
            assertThat(result.isDisabled()).isTrue();
            assertThat(result.getReason()).hasValueSatisfying(reason -> assertThat(reason).contains("no permission", "run as root"));
        });
    }

    @Test
    void failsInCi() {
        assertThatThrownBy(() -> NeedsFeature.decide(ABSENT, true, "traces"))
                .isInstanceOf(AssertionError.class).hasMessageContainingAll("traces", "no permission", "run as root");
    }
}
