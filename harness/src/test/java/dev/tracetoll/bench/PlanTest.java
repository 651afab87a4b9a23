package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Experiment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final List<ArmSpec> ARMS = IntStream.range(0, 6).mapToObj(i -> ArmSpec.plain("untraced-" + i, "untraced", "calls", 200)).toList();

    private static List<List<ArmSpec>> order(long seed) {
        return new Plan(Experiment.HEADLINE, ARMS, 1, seed).rounds().map(Round::arms).limit(200).toList();
    }

    @Test
    void everyRoundVisitsEveryArmOnceInAnOrderOfItsOwn() {
        assertThat(order(7)).allSatisfy(round -> assertThat(round).containsExactlyInAnyOrderElementsOf(ARMS));
        assertThat(order(7).stream().distinct().count()).isGreaterThan(100);
        assertThat(order(7)).as("the same seed").isEqualTo(order(7)).as("another seed").isNotEqualTo(order(8));
    }

    @Test
    void noArmHasAPlaceOfItsOwn() {
        for (ArmSpec arm : ARMS) {
            long first = order(7).stream().filter(round -> round.get(0).equals(arm)).count();
            assertThat(first).as("rounds of 200 that begin with %s", arm.name()).isBetween(15L, 60L);
        }
    }
}
