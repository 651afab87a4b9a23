package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignaturesTest {

    private static final String PROBED = "main.probed(n int, s *string) int";

    private static Arm arm(String technique, String target, String... signatures) {
        return ArmDraft.of(technique, technique)
                .target(target, "main.probed")
                .bursts(List.of(List.of(1_000L)))
                .signatures(List.of(signatures))
                .arm();
    }

    @Test
    void ofOneTargetEachFunctionIsNamedOnce() {
        List<Arm> arms = List.of(
                arm(Arm.UNTRACED, "text"), arm("ebpf", "text", PROBED, "main.idle"), arm("ptrace", "text", PROBED));

        assertThat(Signatures.of(arms).html())
                .isEqualTo(
                        "<ul>\n<li><code>main.probed(n int, s *string) int</code></li>\n<li><code>main.idle</code></li>\n</ul>\n");
        assertThat(Signatures.of(arms).markdown("of text"))
                .containsExactly(
                        "",
                        "Of text.",
                        "",
                        "- <code>main.probed(n int, s \\*string) int</code>",
                        "- <code>main.idle</code>");
        assertThat(Signatures.builtBy(arms)).isEqualTo("Go 1.26.1");
    }

    @Test
    void ofSeveralTargetsItIsSaidWhichHaveIt() {
        assertThat(Signatures.ofTargets(List.of(
                        arm("ebpf", "text", PROBED),
                        arm("ebpf", "many", PROBED),
                        arm("ebpf", "nop", "main.probed.abi0"))))
                .contains("<h3>What was traced</h3>")
                .contains("int</code> of text and many</li>", "<code>main.probed.abi0</code> of nop</li>");
    }

    /** Results that are older than signatures make the pages that they made. */
    @Test
    void whatIsNotKnownIsNotMentioned() {
        List<Arm> arms = List.of(arm("ebpf", "text"), arm("bpftrace", "text"));

        assertThat(Signatures.ofTargets(arms)).isEmpty();
        assertThat(Signatures.of(arms).html()).isEmpty();
        assertThat(Signatures.of(arms).markdown("of text")).isEmpty();
    }
}
