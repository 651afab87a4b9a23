package dev.tracetoll.experiment.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.experiment.gate.GateRecording.Price;
import dev.tracetoll.experiment.gate.GateRecording.Prices;
import dev.tracetoll.problem.OperationFailed;
import org.junit.jupiter.api.Test;

class GateRecordingTest {

    @Test
    void whatIsDoneBesideOtherWorkIsAdded() {
        // 2 ns a step, and the first 20 steps for nothing.
        Price price = Price.of(100, 160, 360);

        assertThat(price).isEqualTo(new Price(2, 40));
        assertThat(price.steps(50)).isEqualTo(45);
    }

    @Test
    void noiseMakesNothingCheaperThanItsSteps() {
        assertThat(Price.of(100, 210, 410)).isEqualTo(new Price(2, 0));
    }

    @Test
    void noSlowdownIsMadeOfNoise() {
        assertThatThrownBy(() -> Price.of(100, 210, 190))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("100 steps were measured to cost 210 ns a call, and twice as many 190 ns");
    }

    @Test
    void aSlowdownIsOfTheOverhead() {
        Prices prices = new Prices(600, new Price(1.5, 30), new Price(4, 0));

        assertThat(prices.multiplications(10)).isEqualTo(60);
        assertThat(prices.steps(10)).isEqualTo(15);
        assertThat(prices.steps(0)).isEqualTo(1);
    }
}
