package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.random.Well19937c;

class Well19937Test {

    /** More than the state has words. */
    private static final int NUMBERS = 2_000;

    @Property(tries = 300)
    void theNumbersAreThoseOfCommonsMath(
            @ForAll long seed, @ForAll @IntRange(min = 1) int bound, @ForAll @IntRange(min = 1, max = 500) int other) {
        Well19937 own = new Well19937(seed);
        Well19937c theirs = new Well19937c(seed);
        for (int i = 0; i < NUMBERS; i++) {
            int below = i % 2 == 0 ? bound : other;
            assertThat(own.below(below)).isEqualTo(theirs.nextInt(below));
        }
    }
}
