package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {

    private static final long ADDRESS = 0x401000;

    @ParameterizedTest
    @CsvSource({
        "90,               NOP,    NEXT,             -",
        "6690,             NOP,    NEXT,             -",
        "0f1f440000,       NOP,    NEXT,             -",
        "4190,             OTHER,  NEXT,             -",
        "f30f1efa,         ENDBR,  NEXT,             -",
        "55,               PUSH,   NEXT,             -",
        "48b80100000000000000, MOV, NEXT,            -",
        "0fb6c0,           MOVZX,  NEXT,             -",
        "4863c0,           MOVSXD, NEXT,             -",
        "7605,             JCC,    CONDITIONAL_JUMP, 401007",
        "0f8600010000,     JCC,    CONDITIONAL_JUMP, 401106",
        "e2fe,             LOOP,   CONDITIONAL_JUMP, 401000",
        "e300,             LOOP,   CONDITIONAL_JUMP, 401002",
        "eb10,             JMP,    JUMP,             401012",
        "e9fbffffff,       JMP,    JUMP,             401000",
        "ffe0,             JMP,    INDIRECT_JUMP,    -",
        "3effe0,           JMP,    INDIRECT_JUMP,    -",
        "ff24c8,           JMP,    INDIRECT_JUMP,    -",
        "e800000000,       CALL,   CALL,             401005",
        "ffd0,             CALL,   INDIRECT_CALL,    -",
        "c3,               RET,    RETURN,           -",
        "f3c3,             RET,    RETURN,           -",
        "c20800,           RET,    RETURN,           -",
        "cb,               FAR_RETURN, RETURN,       -",
        "0f05,             SYSTEM, NEXT,             -",
        "cc,               SYSTEM, NEXT,             -",
        "48f7f1,           DIVISION, NEXT,           -",
        "f20f5ec1,         DIVISION, NEXT,           -",
        "0fc1c8,           OTHER,  NEXT,             -",
    })
    void saysWhatAnInstructionDoesAndWhereItLeads(String code, Operation operation, Flow flow, String target) {
        Instruction instruction = Code.one(ADDRESS, code);
        assertThat(instruction.operation()).as(instruction.text()).isEqualTo(operation);
        assertThat(instruction.flow()).as(instruction.text()).isEqualTo(flow);
        assertThat(instruction.target())
                .as(instruction.text())
                .isEqualTo(target.equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(target, 16)));
        assertThat(instruction.next()).isEqualTo(ADDRESS + instruction.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7605",
                "7680",
                "0f8600010080",
                "e2fe",
                "e300",
                "67e310",
                "eb10",
                "eb80",
                "e9fbffffff",
                "e800010000",
                "e8000100ff",
                "2e7605",
                "f2e900010000",
                "48e900010000"
            })
    void theDistanceOfABranchIsReadAsLibcapstoneDoes(String code) {
        Instruction branch = Code.one(ADDRESS, code);
        assertThat(branch.operands())
                .singleElement()
                .isInstanceOfSatisfying(
                        Operand.Immediate.class,
                        target -> assertThat(branch.target()).as(branch.text()).hasValue(target.value()));
    }

    @Test
    void everyConditionIsTold() {
        for (Condition condition : Condition.values()) {
            assertThat(Code.one(ADDRESS, "7" + Integer.toHexString(condition.ordinal()) + "00")
                            .condition())
                    .contains(condition);
            assertThat(Code.one(ADDRESS, "0f8" + Integer.toHexString(condition.ordinal()) + "00000000")
                            .condition())
                    .contains(condition);
        }
        assertThat(Code.one(ADDRESS, "eb00").condition()).isEmpty();
        assertThat(Code.one(ADDRESS, "e300").condition()).isEmpty();
    }

    /** The manual's names, in the order of their opcodes. */
    @Test
    void conditionsAreNamedAsTheJumps() {
        assertThat(Condition.values())
                .extracting(Condition::jump)
                .containsExactly(
                        "jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja", "js", "jns", "jp", "jnp", "jl", "jge",
                        "jle", "jg");
    }

    @Test
    void anInstructionIsShownAtItsAddress() {
        assertThat(Code.one(ADDRESS, "4883ec10")).hasToString("0x401000 sub rsp, 0x10");
    }

    @ParameterizedTest
    @CsvSource({
        // code, general registers read, written, vector registers read, written, flags read, written
        "4801d8,           0 3,   0,    -,   -,   false, true,  'add rax, rbx'",
        "4839d8,           0 3,   -,    -,   -,   false, true,  'cmp rax, rbx'",
        "88e0,             0,     0,    -,   -,   false, false, 'mov al, ah'",
        "4d8b6610,         14,    12,   -,   -,   false, false, 'mov r12, [r14+16]'",
        "48890c98,         0 1 3, -,    -,   -,   false, false, 'mov [rax+rbx*4], rcx'",
        "488d0c98,         0 3,   1,    -,   -,   false, false, 'lea rcx, [rax+rbx*4]'",
        "55,               4 5,   4,    -,   -,   false, false, 'push rbp'",
        "48f7e1,           0 1,   0 2,  -,   -,   false, true,  'mul rcx'",
        "0f45c1,           0 1,   0,    -,   -,   true,  false, 'cmovne eax, ecx'",
        "418400,           0 8,   -,    -,   -,   false, true,  'test [r8], al'",
        "7605,             -,     -,    -,   -,   true,  false, 'jbe'",
        "f20f10c1,         -,     -,    0 1, 0,   false, false, 'movsd xmm0, xmm1'",
        "660f2ec1,         -,     -,    0 1, -,   false, true,  'ucomisd xmm0, xmm1'",
        "f20f1007,         7,     -,    -,   0,   false, false, 'movsd xmm0, [rdi]'",
        "f20f1107,         7,     -,    0,   -,   false, false, 'movsd [rdi], xmm0'",
        "66440f6fc2,       -,     -,    2,   8,   false, false, 'movdqa xmm8, xmm2'",
        "c5f96fc1,         -,     -,    1,   0,   false, false, 'vmovdqa xmm0, xmm1'",
        "660f3a610f0c,     0 2 7, 1,    1,   -,   false, true,  'pcmpestri xmm1, [rdi], 12'",
        "c5f877,           -,     -,    -,   -,   false, false, 'vzeroupper'",
    })
    void saysWhichRegistersAreReadAndWritten(
            String code,
            String reads,
            String writes,
            String vectorReads,
            String vectorWrites,
            boolean readsFlags,
            boolean writesFlags,
            String text) {
        Instruction instruction = Code.one(ADDRESS, code);
        assertThat(general(instruction.reads())).as("read by %s", text).isEqualTo(numbers(reads));
        assertThat(general(instruction.writes())).as("written by %s", text).isEqualTo(numbers(writes));
        assertThat(vectors(instruction.reads())).as("read by %s", text).isEqualTo(numbers(vectorReads));
        assertThat(vectors(instruction.writes())).as("written by %s", text).isEqualTo(numbers(vectorWrites));
        assertThat(instruction.reads().hasFlags()).as("flags read by %s", text).isEqualTo(readsFlags);
        assertThat(instruction.writes().hasFlags())
                .as("flags written by %s", text)
                .isEqualTo(writesFlags);
    }

    private static List<Integer> general(RegisterSet set) {
        return IntStream.range(0, 16).filter(set::hasGeneral).boxed().toList();
    }

    private static List<Integer> vectors(RegisterSet set) {
        return IntStream.range(0, 32).filter(set::hasVector).boxed().toList();
    }

    private static List<Integer> numbers(String list) {
        return list.equals("-")
                ? List.of()
                : List.of(list.split(" ")).stream().map(Integer::valueOf).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "488d0501000000, true",
        "48ff2501000000, true",
        "7600, true",
        "e800000000, true",
        "c3, false",
        "ffe0, false",
        "488b442408, false",
        "488b042508000000, false"
    })
    void saysWhetherAnInstructionDependsOnItsPlace(String code, boolean depends) {
        assertThat(Code.one(ADDRESS, code).dependsOnItsPlace()).isEqualTo(depends);
    }

    @Test
    void operandsAreTyped() {
        List<Operand> operands = Code.one(ADDRESS, "42c744a5f0ffffffff").operands();
        assertThat(operands.get(0)).isInstanceOfSatisfying(Operand.Memory.class, memory -> {
            assertThat(memory.base()).contains(Register.named("rbp"));
            assertThat(memory.index()).contains(Register.named("r12"));
            assertThat(memory.scale()).isEqualTo(4);
            assertThat(memory.displacement()).isEqualTo(-16);
            assertThat(memory.size()).isEqualTo(Integer.BYTES);
            assertThat(memory.isOnStack()).isFalse();
        });
        assertThat(operands.get(1))
                .isInstanceOfSatisfying(
                        Operand.Immediate.class,
                        constant -> assertThat((int) constant.value()).isEqualTo(-1));
        assertThat(Code.one(ADDRESS, "64488b0425f8ffffff").operands().get(1))
                .isInstanceOfSatisfying(
                        Operand.Memory.class,
                        memory -> assertThat(memory.segment()).isTrue());
    }

    @Test
    void decodingEndsWhereThereIsNoInstruction() {
        assertThat(Code.decode(ADDRESS, "90 c3 06 90"))
                .extracting(Instruction::text)
                .containsExactly("nop", "ret");
        assertThat(Code.decode(ADDRESS, "90 e800")).hasSize(1);
        assertThat(Code.decode(ADDRESS, "")).isEmpty();
        try (Decoder decoder = new Decoder()) {
            assertThat(decoder.decode(new byte[1 << 15], ADDRESS))
                    .as("more than there was room for before")
                    .hasSize(1 << 14);
            assertThat(decoder.first(new byte[] {0x55, 0x06}, ADDRESS).text()).isEqualTo("push rbp");
            assertThatThrownBy(() -> decoder.first(new byte[] {0x06}, ADDRESS))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("0x401000");
        }
    }
}
