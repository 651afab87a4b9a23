package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When goroutines are remembered. */
class RememberedGoroutinesTest {

    @Test
    void aProgramMayBeginBeforeItIsJudged() {
        assertThat(RememberedGoroutines.pays(1_000, 0)).isTrue();
        assertThat(RememberedGoroutines.pays(1_001, 0)).isFalse();
    }

    @Test
    void aChangeIsPaidForByEightCalls() {
        assertThat(RememberedGoroutines.pays(10_000, 80_000)).isTrue();
        assertThat(RememberedGoroutines.pays(10_000, 79_999)).isFalse();
    }
}
