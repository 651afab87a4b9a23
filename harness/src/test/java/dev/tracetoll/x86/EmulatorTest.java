package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Registers;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is emulated, and how, by its definition; {@link EmulatorPropertiesTest} compares it with the processor. */
class EmulatorTest {

    private static final long FILE = 0x401000;
    private static final long ADDRESS = 0x7000_0000_1000L;
    private static final int RCX = 1;

    private final Registers registers = new Registers();
    private final StoppedThread thread = new StoppedThread(registers, new ProcessMemory());

    private static Optional<EmulatedInstruction> compile(String code) {
        return Emulator.compile(Code.one(FILE, code), ADDRESS);
    }

    private void run(EmulatedInstruction emulated) {
        registers.instructionPointer(ADDRESS);
        thread.at((int) ProcessHandle.current().pid());
        emulated.effect().on(thread);
    }

    @ParameterizedTest
    @CsvSource({
        "90, POINTER",
        "0f1f440000, POINTER",
        "f30f1efa, POINTER",
        "7605, POINTER",
        "eb10, POINTER",
        "4801d8, REGISTERS",
        "488d442408, REGISTERS",
        "488d0500010000, REGISTERS",
        "48c7c0ffffffff, REGISTERS",
        "55, STACK",
        "5d, STACK",
        "c3, STACK",
        "f3c3, STACK",
        "c20800, STACK",
        "e800010000, STACK",
        "488b442408, STACK",
        "4883442408ff, STACK"
    })
    void saysHowMuchOfAThreadIsTouched(String code, EmulatedInstruction.Reach reach) {
        assertThat(compile(code)).map(EmulatedInstruction::where).contains(reach);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "488b4308",
                "f048830424ff",
                "64488b0425f8ffffff",
                "488b4c2c08",
                "4811d8",
                "48ffc0",
                "ffd0",
                "ffe0",
                "ff2500010000",
                "6850000000",
                "6650",
                "f2e900010000",
                "8cd8",
                "0f05",
                "f3a4",
                "67488d442408",
                "67488b442408",
                "f20f10c1",
                "48f7e1",
                "488b0500010000"
            })
    void otherMemoryAndOtherInstructionsAreLeftToTheProcessor(String code) {
        assertThat(compile(code)).as(Code.one(FILE, code).text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"00c8, ADD", "28c8, SUB", "38c8, CMP", "20c8, AND", "08c8, OR", "30c8, XOR", "84c8, TEST"})
    void bytesAreComputedByDefinition(String code, Operation operation) {
        EmulatedInstruction emulated = compile(code).orElseThrow();
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                registers.general(Register.RAX, 0x1122_3344_5566_7700L | a);
                registers.general(RCX, b);
                registers.flags(0x202);
                run(emulated);
                int signed =
                        switch (operation) {
                            case ADD -> (byte) a + (byte) b;
                            case SUB, CMP -> (byte) a - (byte) b;
                            default -> 0;
                        };
                int result = 0xff
                        & switch (operation) {
                            case ADD -> a + b;
                            case SUB, CMP -> a - b;
                            case OR -> a | b;
                            case XOR -> a ^ b;
                            default -> a & b;
                        };
                boolean kept = operation == Operation.CMP || operation == Operation.TEST;
                boolean carry = operation == Operation.ADD
                        ? a + b > 0xff
                        : (operation == Operation.SUB || operation == Operation.CMP) && a < b;
                boolean half = operation == Operation.ADD
                        ? (a & 0xf) + (b & 0xf) > 0xf
                        : (operation == Operation.SUB || operation == Operation.CMP) && (a & 0xf) < (b & 0xf);
                long flags = 0x202
                        | (carry ? Flags.CARRY : 0)
                        | (half ? Flags.AUXILIARY : 0)
                        | (signed != (byte) signed ? Flags.OVERFLOW : 0)
                        | (result == 0 ? Flags.ZERO : 0)
                        | (result > 0x7f ? Flags.SIGN : 0)
                        | (Integer.bitCount(result) % 2 == 0 ? Flags.PARITY : 0);
                assertThat(registers.general(Register.RAX)).isEqualTo(0x1122_3344_5566_7700L | (kept ? a : result));
                assertThat(registers.flags())
                        .as("flags of %s %d, %d", operation, a, b)
                        .isEqualTo(flags);
                assertThat(registers.instructionPointer()).isEqualTo(ADDRESS + 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void conditionsMeanWhatTheirNamesSayAfterAComparison(Condition condition) {
        EmulatedInstruction compare = compile("4839c8").orElseThrow();
        EmulatedInstruction jump =
                compile("7" + Integer.toHexString(condition.ordinal()) + "10").orElseThrow();
        Random random = new Random(condition.ordinal());
        for (int i = 0; i < 10_000; i++) {
            long a = random.nextInt(4) == 0 ? random.nextInt(3) - 1 : random.nextLong();
            long b = random.nextInt(4) == 0 ? a : random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
            registers.general(Register.RAX, a);
            registers.general(RCX, b);
            registers.flags(0x202);
            run(compare);
            run(jump);
            long difference = a - b;
            boolean overflows = ((a ^ b) & (a ^ difference)) < 0;
            boolean holds =
                    switch (condition) {
                        case O -> overflows;
                        case NO -> !overflows;
                        case B -> Long.compareUnsigned(a, b) < 0;
                        case AE -> Long.compareUnsigned(a, b) >= 0;
                        case E -> a == b;
                        case NE -> a != b;
                        case BE -> Long.compareUnsigned(a, b) <= 0;
                        case A -> Long.compareUnsigned(a, b) > 0;
                        case S -> difference < 0;
                        case NS -> difference >= 0;
                        case P -> Long.bitCount(difference & 0xff) % 2 == 0;
                        case NP -> Long.bitCount(difference & 0xff) % 2 != 0;
                        case L -> a < b;
                        case GE -> a >= b;
                        case LE -> a <= b;
                        case G -> a > b;
                    };
            assertThat(registers.instructionPointer())
                    .as("j%s after cmp %d, %d", condition, a, b)
                    .isEqualTo(ADDRESS + (holds ? 0x12 : 2));
        }
    }

    @Test
    void addressesAreThoseOfTheProcess() {
        run(compile("488d0500010000").orElseThrow());
        assertThat(registers.general(Register.RAX)).isEqualTo(ADDRESS + 7 + 0x100);
        run(compile("ebf0").orElseThrow());
        assertThat(registers.instructionPointer()).isEqualTo(ADDRESS + 2 - 0x10);
        run(compile("7600").orElseThrow());
        assertThat(registers.instructionPointer()).isEqualTo(ADDRESS + 2);
    }

    @Test
    void partsOfRegistersAreWrittenAsTheProcessorDoes() {
        registers.general(Register.RAX, -1);
        run(compile("b400").orElseThrow());
        assertThat(registers.general(Register.RAX)).as("mov ah, 0").isEqualTo(0xffff_ffff_ffff_00ffL);
        run(compile("66b80100").orElseThrow());
        assertThat(registers.general(Register.RAX)).as("mov ax, 1").isEqualTo(0xffff_ffff_ffff_0001L);
        run(compile("b8ffffffff").orElseThrow());
        assertThat(registers.general(Register.RAX)).as("mov eax, -1").isEqualTo(0xffff_ffffL);
        run(compile("48c7c0ffffffff").orElseThrow());
        assertThat(registers.general(Register.RAX)).as("mov rax, -1").isEqualTo(-1);
    }

    @Test
    void whatCannotReachMemoryHasNoEffect() {
        registers.general(Register.RSP, 8);
        registers.general(Register.RAX, 1);
        for (String code : new String[] {"50", "58", "c3", "e800010000", "488b442408", "4889442408", "4801442408"}) {
            registers.flags(0x202);
            run(compile(code).orElseThrow());
            assertThat(thread.failed()).as(code).isTrue();
            assertThat(registers.general(Register.RSP)).isEqualTo(8);
            assertThat(registers.general(Register.RAX)).isEqualTo(1);
            assertThat(registers.instructionPointer()).isEqualTo(ADDRESS);
            assertThat(registers.flags()).isEqualTo(0x202);
        }
    }
}
