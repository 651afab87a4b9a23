package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.x86.EmulatedInstruction.Reach;
import dev.tracetoll.x86.Encoding.Choice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Every instruction that is emulated leaves the same registers, flags and memory as on the processor of this machine. */
class EmulatorPropertiesTest {

    /** As far as the distance from the stack pointer of one byte reaches, and a word more. */
    private static final int BELOW = 128;

    private static final int WINDOW = 2 * BELOW + Long.BYTES;
    /** Whose auxiliary carry is undefined. */
    private static final Set<Operation> LOGIC = EnumSet.of(Operation.AND, Operation.OR, Operation.XOR, Operation.TEST);

    private static final List<Encoding> KINDS = Stream.of(
                    // by the opcode's bits 3 to 5: ADD, OR, AND, SUB, XOR, CMP
                    Stream.of(0, 1, 4, 5, 6, 7).flatMap(EmulatorPropertiesTest::arithmetic),
                    Encoding.of(
                            "66? rex? 84 /r stack", // TEST
                            "66? rex? 85 /r stack",
                            "66? rex? a8 ib",
                            "66? rex? a9 iz",
                            "66? rex? f6 /0 stack ib",
                            "66? rex? f7 /0 stack iz",
                            "66? rex? 88 /r stack", // MOV
                            "66? rex? 89 /r stack",
                            "66? rex? 8a /r stack",
                            "66? rex? 8b /r stack",
                            "66? rex? b0+rd ib",
                            "66? rex? b8+rd iv",
                            "66? rex? c6 /0 stack ib",
                            "66? rex? c7 /0 stack iz",
                            "66? rex? 0f b6 /r stack", // MOVZX
                            "66? rex? 0f b7 /r stack",
                            "66? rex? 0f be /r stack", // MOVSX
                            "66? rex? 0f bf /r stack",
                            "rex? 63 /r stack", // MOVSXD
                            "66? rex? 8d /r any", // LEA
                            "rex? 50+rd", // PUSH, POP
                            "rex? 58+rd",
                            "c3", // RET
                            "f3 c3",
                            "c2 iw",
                            "e8 cd", // CALL
                            "eb cb", // JMP
                            "e9 cd",
                            "90", // NOP
                            "66 90",
                            "66? rex? 0f 1f /0 any",
                            "f3 0f 1e fa"), // ENDBR64
                    Encoding.jumpsOnConditions())
            .flatMap(kinds -> kinds)
            .toList();

    private static final int SELF = (int) ProcessHandle.current().pid();

    private static Processor processor;
    private static Decoder decoder;
    private static Registers registers;
    private static StoppedThread thread;

    @BeforeContainer
    static void open() {
        processor = new Processor();
        decoder = new Decoder();
        registers = new Registers();
        thread = new StoppedThread(registers, new ProcessMemory());
    }

    @AfterContainer
    static void close() {
        decoder.close();
        processor.close();
    }

    @Provide
    static Arbitrary<MachineState> states() {
        return MachineState.any();
    }

    @Provide
    static Arbitrary<Choice> choices() {
        return Choice.any();
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void everyKindLeavesTheSameAsOnTheProcessor(
            @ForAll("choices") Choice choice, @ForAll("states") MachineState state) {
        for (Encoding kind : KINDS) {
            compare(kind, choice, state);
        }
    }

    private static Stream<Encoding> arithmetic(int operation) {
        String sized = "66? rex? ";
        return Encoding.of(
                sized + hex(operation << 3) + " /r stack",
                sized + hex(operation << 3 | 1) + " /r stack",
                sized + hex(operation << 3 | 2) + " /r stack",
                sized + hex(operation << 3 | 3) + " /r stack",
                sized + hex(operation << 3 | 4) + " ib",
                sized + hex(operation << 3 | 5) + " iz",
                sized + "80 /" + operation + " stack ib",
                sized + "81 /" + operation + " stack iz",
                sized + "83 /" + operation + " stack ib");
    }

    private static String hex(int opcode) {
        return HexFormat.of().toHexDigits((byte) opcode);
    }

    private static void compare(Encoding kind, Choice choice, MachineState state) {
        long place = processor.code() + Processor.CODE_BYTES / 2 + (choice.displacement() & 0xffff);
        byte[] code = kind.code(choice, place, 0);
        // Decoded for where the file has it, executed where the process has.
        List<Instruction> decoded = decoder.decode(code, place & 0xff_ffff);
        Supplier<String> as = () -> decoded + " (" + HexFormat.of().formatHex(code) + ") in " + state;
        if (decoded.isEmpty() && Code.isUnknownToNewerVersions(code)) {
            return;
        }
        assertThat(decoded).as(as).hasSize(1);
        Instruction instruction = decoded.get(0);
        EmulatedInstruction emulated = Emulator.compile(instruction, place)
                .orElseThrow(() -> new AssertionError(as.get() + " is not emulated"));
        byte[] window = state.memory(WINDOW);
        // Wherever a return would find it.
        long returnTo = processor.code();
        ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN).putLong(BELOW, returnTo);

        processor.write(place, code);
        processor.exit(place + code.length);
        processor.exit(place + code.length + kind.distance(choice));
        processor.exit(returnTo);
        prepare(place, state, window);
        long[] before = MachineState.of(registers);
        processor.execute(registers);
        long[] wanted = MachineState.of(registers);
        byte[] wantedWindow = window();

        prepare(place, state, window);
        thread.at(SELF);
        emulated.effect().on(thread);
        assertThat(thread.failed()).as(as).isFalse();
        long[] found = MachineState.of(registers);
        if (LOGIC.contains(instruction.operation())) {
            wanted[MachineState.GENERAL] |= Flags.AUXILIARY;
            found[MachineState.GENERAL] |= Flags.AUXILIARY;
        }
        assertThat(found).as(as).isEqualTo(wanted);
        assertThat(window()).as(as).isEqualTo(wantedWindow);
        touchesNoMoreThanItSays(emulated.where(), before, wanted, as);
        if (emulated.where() != Reach.STACK) {
            assertThat(wantedWindow).as(as).isEqualTo(window);
        }
    }

    private static void touchesNoMoreThanItSays(Reach where, long[] before, long[] after, Supplier<String> as) {
        if (where == Reach.POINTER) {
            before[MachineState.GENERAL + 1] = after[MachineState.GENERAL + 1];
            assertThat(after)
                    .as(() -> "only the instruction pointer changes: " + as.get())
                    .isEqualTo(before);
        }
    }

    private static void prepare(long place, MachineState state, byte[] window) {
        state.load(registers, processor.stack());
        registers.instructionPointer(place);
        processor.write(processor.stack() - BELOW, window);
    }

    private static byte[] window() {
        return processor.read(processor.stack() - BELOW, WINDOW);
    }
}
