package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final List<ArmSpec> ARMS = IntStream.range(0, 6)
            .mapToObj(i -> ArmSpec.plain("untraced-" + i, "untraced", "calls", 200))
            .toList();

    private static List<List<ArmSpec>> order(long seed) {
        return new Plan(ARMS, 1, seed).rounds().map(Round::arms).limit(200).toList();
    }

    @Test
    void everyRoundVisitsEveryArmOnceInAnOrderOfItsOwn() {
        assertThat(order(7)).allSatisfy(round -> assertThat(round).containsExactlyInAnyOrderElementsOf(ARMS));
        assertThat(order(7).stream().distinct().count()).isGreaterThan(100);
        assertThat(order(7))
                .as("the same seed")
                .isEqualTo(order(7))
                .as("another seed")
                .isNotEqualTo(order(8));
    }

    @Test
    void noArmHasAPlaceOfItsOwn() {
        for (ArmSpec arm : ARMS) {
            long first =
                    order(7).stream().filter(round -> round.get(0).equals(arm)).count();
            assertThat(first).as("rounds of 200 that begin with %s", arm.name()).isBetween(15L, 60L);
        }
    }

    @Test
    void theLeastBudgetThatARefusalNamesIsTaken() {
        Plan plan = new Plan(ARMS, Stopping.narrowWithin(Duration.ofMillis(1)), 7);
        assertThatThrownBy(() -> plan.requireTime(1, "less"))
                .isInstanceOf(BadInput.class)
                .hasMessageMatching(
                        "--budget 1ms is too short: one round of 6 arms and the report take \\d+s at least; choose --budget \\d+s or more, or less")
                .satisfies(refusal -> {
                    long least = Long.parseLong(refusal.getMessage().replaceAll(".*choose --budget (\\d+)s.*", "$1"));
                    plan.stopping(Stopping.narrowWithin(Duration.ofSeconds(least)))
                            .requireTime(1, "less");
                    assertThatThrownBy(() -> plan.stopping(Stopping.narrowWithin(Duration.ofSeconds(least - 1)))
                                    .requireTime(1, "less"))
                            .isInstanceOf(BadInput.class);
                });
        assertThatCode(() -> plan.stopping(Stopping.rounds(3)).requireTime(3, "less"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> plan.requireTime(10, "less")).hasMessageContaining("10 rounds of 6 arms");
    }
}
