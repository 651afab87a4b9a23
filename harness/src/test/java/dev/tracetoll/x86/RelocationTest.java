package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
                "f2e900010000"
            })
    void whatKnowsItsPlaceIsNotMoved(String code) {
        assertThat(moved(code, TO)).isEmpty();
        assertThat(leadingBack(code)).isEmpty();
    }

    /** Where it leads depends on the make of the processor; libcapstone 5 takes it for none. */
    @Test
    void aJumpOf16BitsIsNotMoved() {
        assertThat(Code.decode(FROM, "66e90001"))
                .allSatisfy(jump -> assertThat(Relocation.moved(jump, FROM, TO)).isEmpty());
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

    @Test
    void aCopyLeadsNoFurtherThanAJumpDoes() {
        // A nop and a jump of five bytes, from whose end the distance is.
        long behind = FROM + 1 - 6;
        assertThat(leadsBack("90", behind - Integer.MIN_VALUE)).isTrue();
        assertThat(leadsBack("90", behind - Integer.MIN_VALUE + 1)).isFalse();
        assertThat(leadsBack("90", behind - Integer.MAX_VALUE)).isTrue();
        assertThat(leadsBack("90", behind - Integer.MAX_VALUE - 1)).isFalse();
        // A jump on a condition of six bytes, whose target is further than what is behind it.
        long target = FROM + 6 + 0x7000_0000 - 6;
        assertThat(leadsBack("0f8600000070", target - Integer.MAX_VALUE)).isTrue();
        assertThat(leadsBack("0f8600000070", target - Integer.MAX_VALUE - 1)).isFalse();
        assertThat(leadsBack("e900000070", target - Integer.MAX_VALUE)).isTrue();
        assertThat(leadsBack("e900000070", target - Integer.MAX_VALUE - 1)).isFalse();
        assertThat(leadsBack("c3", FROM + (1L << 40))).as("leads nowhere").isTrue();
    }

    private static boolean leadsBack(String code, long to) {
        return Relocation.leadingBack(Code.one(FILE, code), FROM, to).isPresent();
    }

    @Test
    void memoryIsTheFurthestThatADistanceCanTell() {
        String code = "488d0500000000";
        assertThat(moved(code, FROM - Integer.MAX_VALUE)).isEqualTo("488d05ffffff7f");
        assertThat(moved(code, FROM - Integer.MAX_VALUE - 1)).isEmpty();
        assertThat(moved(code, FROM - Integer.MIN_VALUE)).isEqualTo("488d0500000080");
        assertThat(moved(code, FROM - Integer.MIN_VALUE + 1)).isEmpty();
    }

    /** Where it is among the bytes follows from the prefixes and opcodes that are in front of it. */
    @ParameterizedTest
    @MethodSource("opcodeMaps")
    void ofEveryOpcodeNothingButTheDistanceToMemoryChanges(byte[] prefix) {
        int distance = 0x123_4567;
        int at = prefix.length + 2;
        ByteBuffer code = ByteBuffer.allocate(Instruction.MOST_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(prefix);
        int found = 0;
        try (Decoder decoder = new Decoder()) {
            for (int opcode = 0; opcode < 256 << 3; opcode++) {
                code.put(prefix.length, (byte) (opcode >> 3))
                        .put(prefix.length + 1, (byte) ((opcode & 7) << 3 | 5))
                        .putInt(at, distance);
                List<Instruction> decoded = decoder.decode(code.array(), FILE);
                if (decoded.isEmpty() || !decoded.get(0).isRelative()) {
                    continue;
                }
                Instruction instruction = decoded.get(0);
                Optional<byte[]> moved = Relocation.moved(instruction, FROM, TO);
                if (moved.isEmpty()) {
                    assertThat(instruction.text()).containsPattern("^bnd |^xacquire |^xrelease |div|call ");
                    continue;
                }
                byte[] wanted = instruction.bytes().clone();
                ByteBuffer.wrap(wanted).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) (distance + FROM - TO));
                assertThat(moved.get()).as(instruction::text).isEqualTo(wanted);
                found++;
            }
        }
        assertThat(found).as("instructions on memory").isGreaterThan(10);
    }

    /** What may be in front of an opcode: prefixes; for opcodes of two and three bytes the first ones; VEX and EVEX prefixes. */
    static Stream<byte[]> opcodeMaps() {
        List<String> maps = new ArrayList<>();
        for (String legacy : new String[] {"", "66", "f2", "f3", "48", "6648", "67"}) {
            maps.addAll(List.of(legacy, legacy + "0f", legacy + "0f38"));
        }
        maps.addAll(List.of("0f3a", "660f3a"));
        for (int vector = 0; vector < 8; vector++) {
            maps.add("c5" + HexFormat.of().toHexDigits((byte) (0xf8 | vector)));
        }
        for (String size : new String[] {"79", "7d", "f9"}) {
            maps.addAll(List.of("c4e1" + size, "c4e2" + size, "c4e3" + size));
        }
        for (String size : new String[] {"7d", "fd"}) {
            maps.addAll(List.of("62f1" + size + "48", "62f2" + size + "48"));
        }
        return maps.stream().map(HexFormat.of()::parseHex);
    }
}
