package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.x86.Assembler.Arithmetic;
import dev.tracetoll.x86.Assembler.Label;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is assembled means, to the disassembler, what it was to mean. */
class AssemblerTest {

    private static final long ORIGIN = 0x40_0000;
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int R9 = 9;
    private static final int R12 = 12;
    private static final int R13 = 13;
    private static final int R14 = 14;

    private record Case(String text, Consumer<Assembler> write) {}

    private static final List<Case> CASES = List.of(
            new Case("mov r12, qword ptr [r14 + 0x30]", code -> code.load(R12, R14, 0x30, 8)),
            new Case("mov r13d, dword ptr [r13]", code -> code.load(R13, R13, 0, 4)),
            new Case("movzx eax, word ptr [r12]", code -> code.load(RAX, R12, 0, 2)),
            new Case("movzx r12d, byte ptr [rsi + rcx - 1]", code -> code.load(R12, RSI, RCX, 1, -1, 1)),
            new Case(
                    "mov rax, qword ptr [rax + r12*8 + 0x1000000]", code -> code.load(RAX, RAX, R12, 8, 0x100_0000, 8)),
            new Case("mov qword ptr [rsp + 8], r9", code -> code.store(4, 8, R9, 8)),
            new Case("mov dword ptr [rdx], eax", code -> code.store(RDX, 0, RAX, 4)),
            new Case("mov word ptr [rbp], r12w", code -> code.store(Register.RBP, 0, R12, 2)),
            new Case("mov byte ptr [rdx + 0x80], sil", code -> code.store(RDX, 0x80, RSI, 1)),
            new Case("mov byte ptr [rdx], cl", code -> code.store(RDX, 0, RCX, 1)),
            new Case("mov qword ptr [rdi + rcx - 8], r12", code -> code.store(RDI, RCX, 1, -8, R12, 8)),
            new Case("mov byte ptr [r13 + 0x10], 1", code -> code.storeConstant(R13, 0x10, 1, 1)),
            new Case("mov dword ptr [rdx + 8], 0x4d2", code -> code.storeConstant(RDX, 8, 1234, 4)),
            new Case("mov qword ptr [rdx + 8], -1", code -> code.storeConstant(RDX, 8, -1, 8)),
            new Case("movsd qword ptr [rdx + 0x48], xmm9", code -> code.storeFloat(RDX, 0x48, 9, 8)),
            new Case("movss dword ptr [rdx], xmm0", code -> code.storeFloat(RDX, 0, 0, 4)),
            new Case("movq rdx, xmm0", code -> code.moveFloat(RDX, 0)),
            new Case("movq r12, xmm9", code -> code.moveFloat(R12, 9)),
            new Case("movq xmm14, rax", code -> code.moveToVector(14, RAX)),
            new Case("movq xmm0, r12", code -> code.moveToVector(0, R12)),
            new Case("mov r12, rdx", code -> code.move(R12, RDX)),
            new Case("mov r12d, 1", code -> code.moveConstant(R12, 1)),
            new Case("movabs r13, 0x7f0000001000", code -> code.moveConstant(R13, 0x7f00_0000_1000L)),
            new Case("lea rdx, [r13 + rax + 0x1000]", code -> code.address(RDX, R13, RAX, 0x1000)),
            new Case("lea r12, [rsp + 8]", code -> code.address(R12, 4, 8)),
            new Case("cmova rcx, r12", code -> code.moveIf(Condition.A, RCX, R12)),
            new Case("xchg byte ptr [r13 + 0x10], r12b", code -> code.exchangeByte(R12, R13, 0x10)),
            new Case("sub r12, r13", code -> code.compute(Arithmetic.SUB, R12, R13)),
            new Case("and rax, 0xfffffffffffffff8", code -> code.computeConstant(Arithmetic.AND, RAX, -8)),
            new Case("cmp r12, 0x200000", code -> code.computeConstant(Arithmetic.CMP, R12, 1 << 21)),
            new Case("sub r12, qword ptr [r13 + 0x80]", code -> code.computeFrom(Arithmetic.SUB, R12, R13, 0x80)),
            new Case("add qword ptr [r13], rdi", code -> code.computeInto(Arithmetic.ADD, R13, 0, RDI)),
            new Case("or dword ptr [rdx + 0x20], 4", code -> code.computeConstantInto(Arithmetic.OR, RDX, 0x20, 4)),
            new Case("cmp byte ptr [r13 + 0x10], 0", code -> code.compareByte(R13, 0x10, 0)),
            new Case("cmp qword ptr [rax + r12*8 + 0x100], 0", code -> code.compareWord(RAX, R12, 8, 0x100, 0)),
            new Case("lock inc qword ptr [r13 + 0x18]", code -> code.incrementLocked(R13, 0x18)),
            new Case("lock add qword ptr [r13 + 8], rdi", code -> code.computeLocked(Arithmetic.ADD, R13, 8, RDI)),
            new Case("cmpxchg qword ptr [r13 + 8], r12", code -> code.compareExchange(R13, 8, R12)),
            new Case("lock cmpxchg qword ptr [rcx], rdx", code -> code.compareExchangeLocked(RCX, 0, RDX)),
            new Case("test r13, r13", code -> code.test(R13)),
            new Case("test cl, 4", code -> code.testByte(RCX, 4)),
            new Case("test r9b, 4", code -> code.testByte(R9, 4)),
            new Case("shl rdx, 0x20", code -> code.shiftLeft(RDX, 32)),
            new Case("shr r12, 0x1a", code -> code.shiftRight(R12, 26)),
            new Case("imul r13, r13, 0x1008100", code -> code.multiply(R13, 0x1008100)),
            new Case("imul rcx, r9", code -> code.multiplyRegister(RCX, R9)),
            new Case("mul rdx", code -> code.multiplyWide(RDX)),
            new Case("shrd rax, rdx, 0x20", code -> code.shiftRight(RAX, RDX, 32)),
            new Case("shr rax, cl", code -> code.shiftRightByCount(RAX)),
            new Case("bsr rcx, r12", code -> code.highestBit(RCX, R12)),
            new Case("bts r12, 0x3f", code -> code.setBit(R12, 63)),
            new Case("rdtsc", Assembler::readTimeStampCounter),
            new Case("jmp 0x400100", code -> code.jump(0x40_0100L)),
            new Case("jbe 0x3fff00", code -> code.jumpIf(Condition.BE, 0x3f_ff00L)));

    @TestFactory
    List<DynamicTest> instructions() {
        return CASES.stream()
                .map(each -> DynamicTest.dynamicTest(each.text, () -> {
                    Assembler code = new Assembler(ORIGIN);
                    each.write.accept(code);

                    assertThat(decoded(code)).containsExactly(each.text);
                }))
                .toList();
    }

    @Test
    void labelsAreJumpedToFromBothSides() {
        Assembler code = new Assembler(ORIGIN);
        Label back = new Label();
        Label forth = new Label();
        code.bind(back);
        code.jumpIf(Condition.E, forth);
        code.jump(back);
        code.bind(forth);
        code.test(RAX);

        assertThat(decoded(code)).containsExactly("je 0x40000b", "jmp 0x400000", "test rax, rax");
    }

    @Test
    void whatIsTooFarIsNotJumpedTo() {
        assertThatThrownBy(() -> new Assembler(ORIGIN).jump(ORIGIN + (1L << 31) + 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too far");
    }

    private static List<String> decoded(Assembler code) {
        try (Decoder decoder = new Decoder()) {
            return decoder.decode(code.bytes(), ORIGIN).stream()
                    // As libcapstone 5 writes it.
                    .map(each -> each.text().replace(", 0xffffffffffffffff", ", -1"))
                    .toList();
        }
    }
}
