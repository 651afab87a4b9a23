package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
        assertThat(effort.bursts()).isEqualTo(50);

        Effort capped = effort.atMost(most);

        assertThat(capped.bursts()).isEqualTo(bursts);
        assertThat(capped.warmups()).isEqualTo(effort.warmups());
        assertThat(capped.iterations()).isEqualTo(effort.iterations());
    }

    @Test
    void longStringsLeaveTheRingRoomForABurst() {
        Plan plan = GrowthPlan.of(List.of("ebpf-arguments"), List.of("bytes"), 1_000, 1_000, 1, 7);

        assertThat(plan.arms()).filteredOn(arm -> !arm.untraced()).isNotEmpty().allSatisfy(arm -> {
            long bytes = Long.parseLong(arm.arguments().get(arm.arguments().size() - 1));
            assertThat(arm.effort().bursts() == 1 || arm.effort().bursts() * arm.calls() * bytes <= 4 << 20).isTrue();
        });
        assertThat(plan.arms()).filteredOn(arm -> arm.arguments().contains("4096")).allSatisfy(arm ->
                assertThat(arm.effort().bursts()).isEqualTo(1));
        assertThat(plan.arms()).filteredOn(arm -> !arm.untraced() && arm.arguments().contains("0")).allSatisfy(arm ->
                assertThat(arm.effort().bursts()).isGreaterThan(1));
    }

    @Test
    void aDearTechniqueGetsOneBurst() {
        assertThat(Effort.brief(technique("ptrace-classic"), 1_000).bursts()).isEqualTo(1);
        assertThat(Effort.brief(technique("ebpf-empty"), 1).warmups()).as("until the tracer is compiled").isGreaterThan(100);
    }
}
