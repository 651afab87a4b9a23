package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffortTest {

    private static TechniqueFacts technique(String name) {
        return TechniqueRegistry.ALL.facts(name);
    }

    @ParameterizedTest
    @CsvSource({"12, 12", "1000000, 50", "1, 1", "0, 1"})
    void burstsAreCappedButNeverNone(int most, int bursts) {
        Effort effort = Effort.brief(technique("untraced"), 100);
        assertThat(effort.warmupBursts()).isEqualTo(50);

        Effort capped = effort.atMost(most);

        assertThat(capped.warmupBursts()).isEqualTo(bursts);
        assertThat(capped.leadIns() + capped.bursts()).isEqualTo(Math.min(bursts, effort.leadIns() + effort.bursts()));
        assertThat(capped.bursts()).isPositive();
        assertThat(capped.warmups()).isEqualTo(effort.warmups());
        assertThat(capped.turns()).isEqualTo(effort.turns());
    }

    @Test
    void aDearTechniqueGetsTwoBursts() {
        Effort effort = Effort.brief(technique("ptrace-classic"), 1_000);

        assertThat(effort.turns()).isEqualTo(2);
        assertThat(effort.bursts()).isEqualTo(1);
        assertThat(effort.leadIns()).as("long bursts need none").isZero();
        assertThat(Effort.brief(technique("ebpf-empty"), 1).warmups())
                .as("until the tracer is compiled")
                .isGreaterThan(100);
    }

    @Test
    void aCheapTechniqueHasManyTurns() {
        Effort effort = Effort.brief(technique("ebpf-arguments"), 200);

        assertThat(effort.turns()).isEqualTo(100);
        assertThat(effort.turns() * effort.bursts()).isEqualTo(400);
        assertThat(effort.leadIns()).isEqualTo(1);
        assertThat(effort.ofYardstick())
                .isEqualTo(new Effort(effort.warmups(), effort.warmupBursts(), 10, 1, 4, Integer.MAX_VALUE));
    }
}
