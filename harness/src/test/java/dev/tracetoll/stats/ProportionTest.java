package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

    /** From R 4.2: {@code binom.test(successes, trials)$conf.int}, which is Clopper and Pearson's interval. */
    @ParameterizedTest
    @CsvSource({
        "0, 100, 0, 0.03621669264",
        "1, 100, 0.0002531460307, 0.05445938520",
        "95, 100, 0.8871650889, 0.9835680872",
        "20, 20, 0.8315665147, 1"
    })
    void theIntervalIsThatOfR(int successes, int trials, double low, double high) {
        Interval share = Proportion.of(successes, trials);

        assertThat(share.median()).isEqualTo((double) successes / trials);
        assertThat(share.low()).isCloseTo(low, within(1e-6));
        assertThat(share.high()).isCloseTo(high, within(1e-6));
    }
}
