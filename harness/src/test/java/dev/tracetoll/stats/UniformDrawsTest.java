package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

class UniformDrawsTest {

    /** More than are made at a time, and than the generator has state. */
    private static final int DRAWS = 10_000;

    @Property(tries = 100)
    void areThoseOfCommonsMath(
            @ForAll long seed, @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 1) Integer> bounds) {
        RandomGenerator wanted = new Well19937c(seed);
        UniformDraws drawn = new UniformDraws(seed);
        for (int i = 0; i < DRAWS; i++) {
            int bound = bounds.get(i % bounds.size());
            assertThat(drawn.below(bound)).as("draw %d below %d", i, bound).isEqualTo(wanted.nextInt(bound));
        }
    }

    @Property(tries = 100)
    void areThoseOfCommonsMathBelowWhatSamplesHave(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int bound) {
        RandomGenerator wanted = new Well19937c(seed);
        UniformDraws drawn = new UniformDraws(seed);
        for (int i = 0; i < DRAWS; i++) {
            assertThat(drawn.below(bound)).isEqualTo(wanted.nextInt(bound));
        }
    }
}
