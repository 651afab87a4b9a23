package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffortTest {

    private static Techniques.Entry technique(String name) {
        return Techniques.find(name).orElseThrow();
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
    void longStringsLeaveTheRingRoomForABurst() {
        Plan plan = GrowthPlan.of(List.of("ebpf-arguments"), List.of("bytes"), 1_000, 1_000, 1, 7);

        assertThat(plan.arms()).filteredOn(arm -> !arm.untraced()).isNotEmpty().allSatisfy(arm -> {
            long bytes = Long.parseLong(arm.arguments().get(arm.arguments().size() - 1));
            assertThat(IntStream.of(arm.effort().bursts(), arm.effort().warmupBursts()).max().orElseThrow())
                    .matches(bursts -> bursts == 1 || bursts * arm.calls() * bytes <= 4 << 20);
        });
        assertThat(plan.arms()).filteredOn(arm -> arm.arguments().contains("4096")).allSatisfy(arm ->
                assertThat(arm.effort().warmupBursts()).isEqualTo(1));
        assertThat(plan.arms()).filteredOn(arm -> !arm.untraced() && arm.arguments().contains("0")).allSatisfy(arm ->
                assertThat(arm.effort().warmupBursts()).isGreaterThan(1));
    }

    @Test
    void aDearTechniqueGetsTwoBursts() {
        Effort effort = Effort.brief(technique("ptrace-classic"), 1_000);

        assertThat(effort.turns()).isEqualTo(2);
        assertThat(effort.bursts()).isEqualTo(1);
        assertThat(effort.leadIns()).as("long bursts need none").isZero();
        assertThat(Effort.brief(technique("ebpf-empty"), 1).warmups()).as("until the tracer is compiled").isGreaterThan(100);
    }

    @Test
    void aCheapTechniqueHasManyTurns() {
        Effort effort = Effort.brief(technique("ebpf-arguments"), 200);

        assertThat(effort.turns()).isEqualTo(100);
        assertThat(effort.turns() * effort.bursts()).isEqualTo(400);
        assertThat(effort.leadIns()).isEqualTo(1);
        assertThat(effort.ofYardstick()).isEqualTo(new Effort(effort.warmups(), effort.warmupBursts(), 10, 1, 4, Integer.MAX_VALUE));
    }
}
