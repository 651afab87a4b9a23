package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Site;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundReplyTest {

    private static RoundSample sample(long burstNs, long tracerPeakBytes) {
        return new RoundSample(
                "main.probed",
                "go1.26.1",
                3,
                Bursts.ofRound(burstNs, burstNs),
                new EventCounts(400, 399, 1),
                EventCounts.NONE,
                10,
                20,
                30,
                tracerPeakBytes,
                5,
                List.of(new Site("entry", "jbe", "emulated")),
                List.of("main.probed(n int) int"));
    }

    private static RoundReply sent(RoundReply reply) {
        assertThat(reply.line()).doesNotContain("\n");
        return RoundReply.parse(reply.line(), "ebpf");
    }

    @Test
    void carriesSampleAndResult() {
        RoundReply reply = sent(RoundReply.of(sample(4_000, 100), SampleResults.round(12.5, 13.5)));

        assertThat(reply.sample()).isEqualTo(sample(4_000, 100));
        assertThat(reply.runResult().getPrimaryResult().getScore()).isEqualTo(13);
    }

    @Test
    void tellsHowFarTheRoundIs() {
        RoundReply reply = sent(RoundReply.progress(0.25, "ebpf"));

        assertThat(reply.aboutAnArm()).isFalse();
        assertThat(reply.share()).isEqualTo(0.25);
        assertThat(RoundReply.progress(1, null).aboutAnArm())
                .as("arms are to come")
                .isFalse();
        assertThat(sent(RoundReply.of(sample(1, 1), SampleResults.round(1))).aboutAnArm())
                .isTrue();
    }

    @Test
    void relaysAProblemAsItWas() {
        assertThatThrownBy(() -> sent(RoundReply.of(new BadInput("no such\ntarget"))))
                .isInstanceOf(BadInput.class)
                .hasMessage("no such\ntarget");
        assertThatThrownBy(() -> sent(RoundReply.of(new MachineCannot("Tracing", "no BPF", "be root"))))
                .isInstanceOf(MachineCannot.class)
                .hasMessage(new MachineCannot("Tracing", "no BPF", "be root").getMessage());
        assertThatThrownBy(() -> sent(RoundReply.of(new IllegalStateException("odd"))))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("odd");
    }

    @Test
    void refusesWhatIsNoReply() {
        assertThatThrownBy(() -> RoundReply.parse("{\"sample\":", "ebpf"))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("ebpf");
    }

    @Test
    void roundsBecomeAnArm() {
        ArmSpec spec = ArmSpec.plain("ebpf-again", "ebpf", "calls", 200);

        var arm = MergedRounds.of(
                spec, RingChoice.NONE, List.of(sample(4_000, 120), sample(5_000, 100), sample(6_000, 140)));

        assertThat(arm.bursts())
                .isEqualTo(
                        Bursts.of(List.of(List.of(4_000L, 4_000L), List.of(5_000L, 5_000L), List.of(6_000L, 6_000L))));
        assertThat(arm.callEvents()).isEqualTo(new EventCounts(1_200, 1_197, 3));
        assertThat(arm.warmupBursts()).isEqualTo(9);
        assertThat(arm.tracerCpuNs()).isEqualTo(60);
        assertThat(arm.tracerPeakBytes()).as("the middle one").isEqualTo(120);
        assertThat(arm.again()).isTrue();
        assertThat(arm.signatures()).containsExactly("main.probed(n int) int");
    }
}
