package dev.tracetoll.experiment.headline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {

    private static final EventCounts ALL = new EventCounts(66_000, 66_000, 0);
    private static final EventCounts LOSSY = new EventCounts(66_000, 65_988, 12);
    private static final EventCounts WRONG = new EventCounts(66_000, 65_988, 0);

    private static String found(Arm... arms) {
        return found(SampleRuns.run(List.of(arms)));
    }

    private static String found(Run run) {
        String sentence = Finding.of(Headline.of(run));
        assertThat(sentence).endsWith(".").doesNotContain("\n").doesNotContain("-");
        return sentence.replace('\u202f', '_');
    }

    private static Arm untraced() {
        return arm(Arm.UNTRACED, 23_700, EventCounts.NONE);
    }

    private static Arm arm(String technique, double ns, EventCounts counts) {
        return SampleRuns.arm(technique, technique, ns, counts);
    }

    @Test
    void oneTechniqueIsToldAndTheDearestOfAnotherMechanism() {
        assertThat(found(SampleRuns.headline()))
                .isEqualTo("Watching each call with eBPF makes this burst 28.8 times slower (23.8 µs → 684 µs); "
                        + "with ptrace, 97_000 times.");
        assertThat(found(SampleRuns.whole()))
                .startsWith("Watching each call with eBPF makes this burst 22")
                .contains(" ms); with a debugger's breakpoints, 1_3");
        assertThat(found(SampleRuns.peers()))
                .startsWith("Watching each call with eBPF makes this burst 28.")
                .contains("; with Delve, 46_")
                .endsWith(
                        "bpftrace reported calls that never happened and Delve's eBPF lost events, so their times say nothing.");
    }

    @Test
    void withOneTechniqueNothingIsComparedWithIt() {
        assertThat(found(untraced(), arm("ptrace", 1_630_000, ALL)))
                .isEqualTo("Watching each call with ptrace makes this burst 69 times slower (23.8 µs → 1.64 ms).");
        assertThat(found(untraced(), arm("ebpf", 31_000, ALL)))
                .isEqualTo("Watching each call with eBPF makes this burst 31 % slower (23.8 µs → 31.1 µs).");
    }

    @Test
    void whatTellsAsMuchForHalfThePriceIsTold() {
        Arm ebpf = arm("ebpf", 711_000, ALL);
        assertThat(found(
                        untraced(),
                        ebpf,
                        arm("inline-arguments", 30_000, ALL),
                        arm("source-ring", 40_000, ALL),
                        arm("inline", 54_510, ALL),
                        arm("ebpf-patched", 237_000, ALL),
                        arm("ptrace-classic", 67_545_000, ALL)))
                .isEqualTo("Watching each call with eBPF makes this burst 30 times slower (23.8 µs → 712 µs); "
                        + "with inline jumps, 2.29 times; with a debugger's breakpoints, 2_850 times.");
        assertThat(found(untraced(), ebpf, arm("inline", 400_000, ALL)))
                .as("not that much cheaper: the dearest of another mechanism is told")
                .endsWith("; with inline jumps, 16.8 times.");
    }

    @Test
    void whereNothingWasTracedTheBurstIsTold() {
        assertThat(found(untraced())).isEqualTo("Nothing was traced: this burst takes 23.8 µs untraced.");
    }

    @Test
    void whereNothingRanUntracedThereIsNothingToCompareWith() {
        assertThat(found(arm("ebpf", 31_000, ALL)))
                .isEqualTo("What tracing costs, this run does not say: nothing ran untraced.");
    }

    @Test
    void anEffectThatDoesNotShowIsNoNumber() {
        assertThat(found(untraced(), arm("ebpf", 23_700, ALL), arm("ptrace", 2_300_000, ALL)))
                .isEqualTo("Watching each call with eBPF makes this burst no slower that this run could tell; "
                        + "with ptrace, 97 times slower.");
        assertThat(found(untraced(), arm("ebpf", 2_300_000, ALL), arm("ptrace", 23_500, ALL)))
                .isEqualTo("Watching each call with eBPF makes this burst 97 times slower (23.8 µs → 2.3 ms); "
                        + "with ptrace, no slower that this run could tell.");
    }

    @Test
    void aFlawedArmHasNoCost() {
        assertThat(found(SampleRuns.flawed()))
                .isEqualTo(
                        "What watching each call costs, this run does not say: eBPF lost events and ptrace miscounted.");
        assertThat(found(untraced(), arm("ebpf", 26_000, LOSSY), arm("ptrace", 2_300_000, ALL)))
                .isEqualTo("Watching each call with ptrace makes this burst 97 times slower (23.8 µs → 2.31 ms); "
                        + "eBPF lost events, so its time says nothing.");
        assertThat(found(
                        untraced(),
                        arm("ebpf", 26_000, LOSSY),
                        arm("ebpf-arguments", 26_000, LOSSY),
                        arm("ptrace", 2_300_000, ALL),
                        arm("ptrace-classic", 24_000, WRONG)))
                .endsWith("; eBPF and eBPF without returns lost events and a debugger's breakpoints miscounted, "
                        + "so their times say nothing.");
    }

    @Test
    void floorsAndRungsAreToldByNameWhereThereIsNothingElse() {
        assertThat(Finding.of(Headline.of(SampleRuns.run(List.of(untraced(), arm("ebpf-wakeup", 9_000_000, ALL))))))
                .startsWith("Watching each call with ebpf-wakeup makes this burst 377");
    }

    @Test
    void whateverSomebodyWouldTraceWithHasWords() {
        assertThat(TechniqueRegistry.ALL.names())
                .filteredOn(name -> TechniqueRegistry.ALL.facts(name).words().isEmpty())
                .containsExactly(
                        "untraced",
                        "ebpf-patched-empty",
                        "ebpf-unhit",
                        "ebpf-empty",
                        "ebpf-readings",
                        "ebpf-empty-returns",
                        "ebpf-forgetful",
                        "ebpf-interpreted",
                        "ebpf-wakeup",
                        "ebpf-value-records",
                        "ptrace-step",
                        "ptrace-floor",
                        "source-floor",
                        "source-floor-returns");
    }
}
