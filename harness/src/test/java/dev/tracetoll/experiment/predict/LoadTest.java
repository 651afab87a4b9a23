package dev.tracetoll.experiment.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.experiment.predict.Load.Added;
import dev.tracetoll.experiment.predict.Load.Bottleneck;
import dev.tracetoll.experiment.predict.Load.Lost;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final Offset<Double> CLOSELY = within(1e-9);

    private static Lost lost(Load load, double held, double cpu, double tracer) {
        return load.lost(new Added(held, cpu, tracer), Added.NOTHING);
    }

    @Test
    void aProgramThatWaitsLosesNothingWhileThereAreCpus() {
        Load idle = new Load(0.3, 0.5, 0.8, 2);

        assertThat(idle.computing()).isFalse();
        assertThat(lost(idle, 0.5, 0.5, 0.5)).isEqualTo(new Lost(0, Bottleneck.NONE));
        Lost tooMuch = lost(idle, 3, 2.2, 1);
        assertThat(tooMuch.loss())
                .as("it would take four CPUs, and there are two")
                .isCloseTo(0.5, CLOSELY);
        assertThat(tooMuch.by()).isEqualTo(Bottleneck.MACHINE);
    }

    @Test
    void aProgramThatKeepsACpuBusyLosesWhatItIsHeldUp() {
        Load one = new Load(1, 1, 2, 8);

        assertThat(one.saturated()).isFalse();
        assertThat(lost(one, 1, 0.3, 0.5).loss())
                .as("as long again as it computes, and the tracer has a CPU of its own")
                .isCloseTo(0.5, CLOSELY);
        assertThat(lost(one, 1, 0.3, 0.5).by()).isEqualTo(Bottleneck.PROGRAM);
        assertThat(lost(one, 0, 0, 0).loss()).isZero();
    }

    @Test
    void onAFullMachineAllThatTakesPartIsSlowedDownByAllThatIsAdded() {
        Load full = new Load(1, 1, 2, 2);

        assertThat(full.saturated()).isTrue();
        assertThat(full.computing()).isTrue();
        assertThat(lost(full, 5, 0.5, 0.5).loss()).isCloseTo(1 / 3.0, CLOSELY);
        assertThat(lost(full, 5, 0.5, 0.5).by()).isEqualTo(Bottleneck.MACHINE);
        Load shared = new Load(0.5, 0.5, 2, 2);
        assertThat(lost(shared, 5, 0.5, 0.5).loss())
                .as("what else runs there does not work for it")
                .isCloseTo(0.5, CLOSELY);
    }

    @Test
    void whatIsIdleBetweenAProgramAndWhatDrivesItCannotBeUsed() {
        Load turns = new Load(0.7, 0.6, 1.35, 2);

        assertThat(turns.saturated()).isTrue();
        assertThat(turns.full()).isFalse();
        assertThat(lost(turns, 0.9, 0.6, 0.1).loss()).isCloseTo(1 - 1.3 / 2, CLOSELY);
        assertThat(new Load(0.7, 0.1, 1.9, 2).saturated())
                .as("full of other things")
                .isTrue();
        assertThat(new Load(1.3, 0.1, 1.4, 2).saturated())
                .as("nobody drives it")
                .isFalse();
        assertThat(new Load(0.4, 0.4, 0.8, 2).saturated())
                .as("it is asked now and then")
                .isFalse();
    }

    @Test
    void aTracerCannotUseMoreThanOneCpu() {
        Lost lost = lost(new Load(1, 1, 2, 64), 0.1, 0.1, 4);

        assertThat(lost.loss()).isCloseTo(0.75, CLOSELY);
        assertThat(lost.by()).isEqualTo(Bottleneck.TRACER);
    }

    @Test
    void whatCountingHadAddedIsTakenOff() {
        Load full = new Load(1.5, 0.5, 2, 2);

        assertThat(full.lost(new Added(1, 1, 0), new Added(0.5, 0.5, 0)).loss())
                .as("1.5 CPUs without counting, 2.5 with tracing in its place")
                .isCloseTo(0.4, CLOSELY);
    }
}
