package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelocationTest {

    /** Where the file says that the instruction is, where the process has it, and where it is moved to. */
    private static final long FILE = 0x401000;

    private static final long FROM = 0x5555_0040_1000L;
    private static final long TO = 0x5555_0070_0010L;

    private static String moved(String code, long to) {
        return Relocation.moved(Code.one(FILE, code), FROM, to)
                .map(HexFormat.of()::formatHex)
                .orElse("");
    }

    private static List<Instruction> leadingBack(String code) {
        Optional<byte[]> bytes = Relocation.leadingBack(Code.one(FILE, code), FROM, TO);
        return bytes.map(whole -> Code.decode(TO, whole)).orElse(List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "55",
                "4883ec10",
                "488b442408",
                "c3",
                "f3c3",
                "ffe0",
                "ff24c8",
                "f20f5cc1",
                "64488b0425f8ffffff",
                "90"
            })
    void whatDoesNotDependOnItsPlaceStaysAsItIs(String code) {
        assertThat(moved(code, TO)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "488d0500010000",
                "488b1d00010000",
                "48833d0001000007",
                "66480f6e0500010000",
                "c5f96f0500010000",
                "660f3a0f050001000003",
                "ff2500010000",
                "f20f100500010000",
                "c4e2791c0500010000"
            })
    void memoryNextToAnInstructionIsNextToItNoMore(String code) {
        Instruction original = Code.one(FILE, code);
        Instruction moved = Code.one(TO, moved(code, TO));
        long bias = FROM - FILE;
        assertThat(address(moved)).isEqualTo(address(original) + bias);
        assertThat(moved.length()).isEqualTo(original.length());
        assertThat(moved.operation()).isEqualTo(original.operation());
        assertThat(moved.writes()).isEqualTo(original.writes());
    }

    private static long address(Instruction instruction) {
        return instruction.operands().stream()
                        .filter(Operand.Memory.class::isInstance)
                        .map(Operand.Memory.class::cast)
                        .filter(Operand.Memory::isRelative)
                        .findFirst()
                        .orElseThrow()
                        .displacement()
                + instruction.next();
    }

    @Test
    void whatIsTooFarAwayStaysWhereItIs() {
        assertThat(moved("488d0500010000", FROM - Integer.MAX_VALUE / 2)).isNotEmpty();
        assertThat(moved("488d0500010000", FROM - Integer.MAX_VALUE)).isEmpty();
        assertThat(moved("488d0500010000", FROM + (1L << 40))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7605", "0f8600010000", "eb10", "e900010000", "e800010000"})
    void whatIsCorrectedAfterAStepKeepsItsBytes(String code) {
        assertThat(moved(code, TO)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ffd0",
                "ff1500010000",
                "e2fe",
                "e300",
                "0f05",
                "cc",
                "cd80",
                "0f0b",
                "f3a4",
                "f348a5",
                "f2ae",
                "cb",
                "48f7f1",
                "48f7f9",
                "f20f5ec1",
                "c7f800000000",
                "f2e900010000",
                "66e90001"
            })
    void whatKnowsItsPlaceIsNotMoved(String code) {
        assertThat(moved(code, TO)).isEmpty();
        assertThat(leadingBack(code)).isEmpty();
    }

    @Test
    void aConditionalJumpLeadsBothWays() {
        for (Condition condition : Condition.values()) {
            for (String code : new String[] {
                "7" + Integer.toHexString(condition.ordinal()) + "f0",
                "0f8" + Integer.toHexString(condition.ordinal()) + "00010000"
            }) {
                Instruction original = Code.one(FROM, code);
                List<Instruction> copy = leadingBack(code);
                assertThat(copy).hasSize(2);
                assertThat(copy.get(0).condition()).contains(condition);
                assertThat(copy.get(0).target()).isEqualTo(original.target());
                assertThat(copy.get(1).flow()).isEqualTo(Flow.JUMP);
                assertThat(copy.get(1).target()).hasValue(original.next());
            }
        }
    }

    @Test
    void otherInstructionsAreFollowedByTheWayBack() {
        List<Instruction> copy = leadingBack("4883ec10");
        assertThat(copy)
                .extracting(Instruction::text)
                .containsExactly("sub rsp, 0x10", "jmp 0x" + Long.toHexString(FROM + 4));
        assertThat(leadingBack("eb10").get(0).target()).hasValue(FROM + 0x12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "f3c3", "c20800", "ffe0", "ff24c8"})
    void whatGoesElsewhereNeedsNoWayBack(String code) {
        assertThat(leadingBack(code))
                .singleElement()
                .satisfies(copy ->
                        assertThat(copy.bytes()).isEqualTo(HexFormat.of().parseHex(code)));
    }

    @Test
    void aCallWouldLeaveItsOwnAddressBehind() {
        assertThat(leadingBack("e800010000")).isEmpty();
    }
}
