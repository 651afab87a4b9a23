package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TracedTargetTest {

    @Test
    void aTracerThatDidNothingUsedNoLessThanNothing() {
        assertThat(TracedTarget.cpuNs(1_000_000, 990_911)).isZero();
        assertThat(TracedTarget.cpuNs(1_000_000, 1_250_000)).isEqualTo(250_000);
    }
}
