package dev.tracetoll.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Bursts;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonsTest {

    private final Arm untraced =
            arm("untraced", Arm.UNTRACED, 200, Bursts.of(List.of(List.of(20_000L, 20_000L), List.of(20_000L))));
    private final Arm ebpf = arm("ebpf", "ebpf", 200, Bursts.of(List.of(List.of(420_000L), List.of(420_000L))));

    private static Arm arm(String name, String technique, int calls, Bursts rounds) {
        return ArmDraft.of(name, technique)
                .target("calls", "main.work")
                .calls(calls)
                .bursts(rounds)
                .arm();
    }

    @Test
    void overheadIsTheDifferencePerCallAndRatioTheQuotient() {
        Comparison comparison = new Comparisons(1).of(List.of(untraced, ebpf)).get(0);

        assertThat(comparison.against()).isEqualTo("untraced");
        assertThat(comparison.overheadPerCallNs().median()).isCloseTo(2_000, within(1e-9));
        assertThat(comparison.ratio().median()).isCloseTo(21, within(1e-9));
    }

    @Test
    void aSecondUntracedArmIsTheNoiseFloor() {
        Arm again = arm("untraced-again", Arm.UNTRACED, 200, untraced.bursts());

        List<Comparison> comparisons = new Comparisons(1).of(List.of(again, ebpf, untraced));

        assertThat(comparisons).extracting(Comparison::arm).containsExactly("untraced-again", "ebpf");
        assertThat(comparisons).extracting(Comparison::against).containsExactly("untraced", "untraced");
        assertThat(comparisons).extracting(Comparison::noiseFloor).containsExactly(true, false);
        assertThat(comparisons.get(0).ratio().contains(1)).isTrue();
    }

    @Test
    void theSecondArmOfATracedPairIsComparedWithTheFirst() {
        Arm again = arm("ebpf-again", "ebpf", 200, ebpf.bursts());

        List<Comparison> comparisons = new Comparisons(1).of(List.of(untraced, ebpf, again));

        assertThat(comparisons).extracting(Comparison::against).containsExactly("untraced", "ebpf");
        assertThat(comparisons.get(1).noiseFloor()).isTrue();
        assertThat(comparisons.get(1).untraced()).isFalse();
        assertThat(comparisons.get(1).overheadPerCallNs().median()).isZero();
    }

    @Test
    void armsOfAnotherWorkloadAreNotCompared() {
        assertThat(new Comparisons(1).of(List.of(untraced, arm("ebpf", "ebpf", 100, ebpf.bursts()))))
                .isEmpty();
    }

    @Test
    void roundsMustPair() {
        Arm short1 = arm("ebpf", "ebpf", 200, Bursts.ofRound(420_000));

        assertThatThrownBy(() -> new Comparisons(1).of(List.of(untraced, short1)))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("1 and 2 rounds");
    }

    @Test
    void anOverheadWithinTheNoiseIsDoubted() {
        Run run = SampleRuns.run(List.of(
                SampleRuns.arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                SampleRuns.arm("untraced-again", Arm.UNTRACED, 24_700, EventCounts.NONE),
                SampleRuns.arm("ebpf", "ebpf", 24_200, new EventCounts(10, 10, 0))));

        assertThat(ResultStore.checked(run).warnings())
                .anySatisfy(warning ->
                        assertThat(warning.what()).contains("\"ebpf\"").contains("not above the noise floor"));
        assertThat(ResultStore.checked(SampleRuns.headline()).warnings()).isEmpty();
    }
}
