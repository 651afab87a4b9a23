package dev.tracetoll.experiment.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.bench.Plan;
import dev.tracetoll.tracing.Technique;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowthPlanTest {

    @Test
    void longStringsLeaveTheRingRoomForABurst() {
        Plan plan = GrowthPlan.of(List.of("ebpf-arguments"), List.of("bytes"), 1_000, 1_000, 1, 7);

        assertThat(plan.arms())
                .filteredOn(arm -> !arm.technique().equals(Technique.UNTRACED.name()))
                .isNotEmpty()
                .allSatisfy(arm -> {
                    long bytes =
                            Long.parseLong(arm.arguments().get(arm.arguments().size() - 1));
                    assertThat(IntStream.of(arm.effort().bursts(), arm.effort().warmupBursts())
                                    .max()
                                    .orElseThrow())
                            .matches(bursts -> bursts == 1 || bursts * arm.calls() * bytes <= 4 << 20);
                });
        assertThat(plan.arms())
                .filteredOn(arm -> arm.arguments().contains("4096"))
                .allSatisfy(arm -> assertThat(arm.effort().warmupBursts()).isEqualTo(1));
        assertThat(plan.arms())
                .filteredOn(arm -> !arm.technique().equals(Technique.UNTRACED.name())
                        && arm.arguments().contains("0"))
                .allSatisfy(arm -> assertThat(arm.effort().warmupBursts()).isGreaterThan(1));
    }
}
