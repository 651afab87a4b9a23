package dev.tracetoll.experiment.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void aProgramThatWaitsLosesNothing() {
        Load idle = new Load(0.3, 0.4, 2);

        assertThat(idle.computing()).isFalse();
        assertThat(idle.loss(0.5, 0.5)).isZero();
    }

    @Test
    void aProgramThatKeepsACpuBusyLosesWhatItSpends() {
        Load one = new Load(1, 0.5, 4);

        assertThat(one.saturated()).isFalse();
        assertThat(one.loss(1, 0)).as("as much again as it computes").isCloseTo(0.5, within(1e-9));
        assertThat(one.loss(1, 1)).as("the tracer has a CPU of its own").isCloseTo(0.5, within(1e-9));
        assertThat(one.loss(0, 0)).isZero();
    }

    @Test
    void onAFullMachineTheTracerTakesTimeToo() {
        Load full = new Load(0.5, 1, 2);

        assertThat(full.saturated()).isTrue();
        assertThat(full.computing()).isTrue();
        assertThat(full.loss(0.5, 0)).isCloseTo(0.2, within(1e-9));
        assertThat(full.loss(0.5, 0.5)).isCloseTo(1 / 3.0, within(1e-9));
    }
}
