package dev.tracetoll.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.bpf.BpfCode.Condition;
import dev.tracetoll.linux.bpf.BpfCode.Helper;
import dev.tracetoll.linux.bpf.BpfCode.Operation;
import dev.tracetoll.linux.bpf.BpfCode.Register;
import dev.tracetoll.linux.bpf.BpfCode.Size;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Each instruction as the kernel documents it, in {@code Documentation/bpf/standardization/instruction-set.rst}: opcode, registers (the source's
 * half first), offset, immediate; the numbers little-endian.
 */
class BpfCodeTest {

    private static void assertCode(Consumer<BpfCode> program, String expected) {
        BpfCode code = new BpfCode();
        program.accept(code);
        assertThat(HexFormat.of().formatHex(code.assemble())).isEqualTo(expected.replaceAll("[ |]", ""));
    }

    @Test
    void arithmeticIsOf64Bits() {
        assertCode(code -> code.move(Register.R1, -2), "b7 01 0000 feffffff");
        assertCode(code -> code.move(Register.R6, Register.R1), "bf 16 0000 00000000");
        assertCode(code -> code.alu(Operation.ADD, Register.R10, 0x12345678), "07 0a 0000 78563412");
        assertCode(code -> code.alu(Operation.ADD, Register.R2, Register.R3), "0f 32 0000 00000000");
        assertCode(code -> code.alu(Operation.SUBTRACT, Register.R5, Register.R4), "1f 45 0000 00000000");
        assertCode(code -> code.alu(Operation.MULTIPLY, Register.R0, 3), "27 00 0000 03000000");
        assertCode(code -> code.alu(Operation.OR, Register.R0, Register.R9), "4f 90 0000 00000000");
        assertCode(code -> code.alu(Operation.AND, Register.R4, 4095), "57 04 0000 ff0f0000");
        assertCode(code -> code.alu(Operation.SHIFT_LEFT, Register.R7, 5), "67 07 0000 05000000");
        assertCode(code -> code.alu(Operation.SHIFT_RIGHT, Register.R8, 52), "77 08 0000 34000000");
    }

    @Test
    void memoryIsReadAndWrittenByWords() {
        assertCode(code -> code.load(Size.BYTE, Register.R1, Register.R2, 1), "71 21 0100 00000000");
        assertCode(code -> code.load(Size.HALF, Register.R1, Register.R2, 2), "69 21 0200 00000000");
        assertCode(code -> code.load(Size.WORD, Register.R1, Register.R2, 0x104), "61 21 0401 00000000");
        assertCode(code -> code.load(Size.DOUBLE, Register.R1, Register.R10, -8), "79 a1 f8ff 00000000");
        assertCode(code -> code.store(Size.BYTE, Register.R7, 1, Register.R9), "73 97 0100 00000000");
        assertCode(code -> code.store(Size.HALF, Register.R7, 2, Register.R9), "6b 97 0200 00000000");
        assertCode(code -> code.store(Size.WORD, Register.R7, 4, Register.R9), "63 97 0400 00000000");
        assertCode(code -> code.store(Size.DOUBLE, Register.R7, 8, Register.R9), "7b 97 0800 00000000");
        assertCode(code -> code.store(Size.DOUBLE, Register.R10, -40, -1), "7a 0a d8ff ffffffff");
        assertCode(code -> code.store(Size.WORD, Register.R7, 0, 3), "62 07 0000 03000000");
    }

    @Test
    void aSizeIsThatOfSoManyBytes() {
        assertThat(Size.of(1)).isEqualTo(Size.BYTE);
        assertThat(Size.of(2)).isEqualTo(Size.HALF);
        assertThat(Size.of(4)).isEqualTo(Size.WORD);
        assertThat(Size.of(8)).isEqualTo(Size.DOUBLE);
        assertThatThrownBy(() -> Size.of(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void atomicInstructionsAreToldByTheirImmediate() {
        assertCode(code -> code.atomicAdd(Register.R1, 16, Register.R2), "db 21 1000 00000000");
        assertCode(code -> code.atomicFetchAdd(Register.R1, 16, Register.R2), "db 21 1000 01000000");
        assertCode(code -> code.compareAndExchange(Register.R7, 0, Register.R2), "db 27 0000 f1000000");
    }

    @Test
    void numbersOf64BitsTakeTwoInstructions() {
        assertCode(code -> code.load(Register.R2, 0x9e3779b97f4a7c15L), "18 02 0000 157c4a7f | 00 00 0000 b979379e");
        assertCode(code -> code.load(Register.R2, -1), "18 02 0000 ffffffff | 00 00 0000 ffffffff");
        assertCode(code -> code.loadMap(Register.R2, 7), "18 12 0000 07000000 | 00 00 0000 00000000");
        assertCode(code -> code.loadMapValue(Register.R1, 7, 40), "18 21 0000 07000000 | 00 00 0000 28000000");
    }

    @Test
    void callsAreOfHelpersByNumberOrOfTheKernelsOwn() {
        assertCode(code -> code.call(Helper.PROBE_READ_USER), "85 00 0000 70000000");
        assertCode(code -> code.call(Helper.GET_ATTACH_COOKIE), "85 00 0000 ae000000");
        assertCode(code -> code.callKernel(0x1234), "85 20 0000 34120000");
        assertCode(BpfCode::exit, "95 00 0000 00000000");
    }

    @Test
    void jumpsCountFromTheNextInstruction() {
        assertCode(
                code -> {
                    code.jump("end");
                    code.jump(Condition.EQUAL, Register.R1, -1, "end");
                    code.load(Register.R2, 0);
                    code.jump(Condition.NOT_EQUAL, Register.R0, Register.R1, "end");
                    code.label("end");
                    code.exit();
                },
                "05 00 0400 00000000 | 15 01 0300 ffffffff | 18 02 0000 00000000 | 00 00 0000 00000000"
                        + "| 5d 10 0000 00000000 | 95 00 0000 00000000");
    }

    @Test
    void jumpsCompareAsTheySay() {
        String[] opcodes = {"05", "15", "25", "35", "55", "a5", "b5", "65", "d5"};
        for (Condition condition : Condition.values()) {
            assertCode(
                    code -> {
                        code.jump(condition, Register.R3, 9, "next");
                        code.label("next");
                    },
                    opcodes[condition.ordinal()] + " 03 0000 09000000");
        }
        assertCode(
                code -> {
                    code.jump(Condition.SIGNED_LESS_OR_EQUAL, Register.R3, Register.R4, "next");
                    code.label("next");
                },
                "dd 43 0000 00000000");
    }

    @Test
    void labelsAreSetOnce() {
        BpfCode code = new BpfCode();
        code.label("twice");
        assertThatThrownBy(() -> code.label("twice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("twice");
        code.jump("nowhere");
        assertThatThrownBy(code::assemble)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void whatIsOutOfReachIsRefused() {
        assertThat(farJump(Short.MAX_VALUE)).hasSize((Short.MAX_VALUE + 1) * Long.BYTES);
        assertThatThrownBy(() -> farJump(Short.MAX_VALUE + 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("far");
        BpfCode code = new BpfCode();
        code.load(Size.DOUBLE, Register.R1, Register.R2, Short.MIN_VALUE);
        for (int offset : new int[] {Short.MIN_VALUE - 1, Short.MAX_VALUE + 1}) {
            assertThatThrownBy(() -> code.load(Size.DOUBLE, Register.R1, Register.R2, offset))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> code.store(Size.DOUBLE, Register.R1, offset, Register.R2))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] farJump(int distance) {
        BpfCode code = new BpfCode();
        code.jump("far");
        for (int i = 0; i < distance; i++) {
            code.exit();
        }
        code.label("far");
        return code.assemble();
    }
}
