package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.x86.Encoding.Choice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What is executed elsewhere leaves the same behind on the processor of this machine as where it was. */
class RelocationPropertiesTest {

    /** Memory next to the instruction in all positions that it can have among operands; constants of all sizes behind it; and none. */
    private static final List<Encoding> KINDS = Stream.of(
                    Encoding.of(
                            "rex? 00 /r data", // ADD
                            "66? rex? 01 /r data",
                            "rex? 02 /r data",
                            "66? rex? 03 /r data",
                            "f0 rex? 01 /r data",
                            "66? rex? 39 /r data", // CMP
                            "80 /1 data ib", // OR
                            "66? rex? 81 /5 data iz", // SUB
                            "66? rex? 83 /7 data ib", // CMP
                            "66? rex? 85 /r data", // TEST
                            "66? rex? f7 /0 data iz",
                            "66? rex? f7 /2 data", // NOT, NEG
                            "66? rex? f7 /3 data",
                            "66? rex? ff /0 data", // INC, DEC
                            "66? rex? ff /1 data",
                            "66? rex? 87 /r data", // XCHG
                            "66? rex? 0f b1 /r data", // CMPXCHG
                            "66? rex? 0f c1 /r data", // XADD
                            "66? rex? 89 /r data", // MOV
                            "66? rex? 8b /r data",
                            "rex? 8a /r data",
                            "c6 /0 data ib",
                            "66? rex? c7 /0 data iz",
                            "66? rex? 0f b6 /r data", // MOVZX, MOVSX, MOVSXD
                            "66? rex? 0f bf /r data",
                            "rex? 63 /r data",
                            "66? rex? 0f 47 /r data", // CMOVA
                            "0f 94 /0 data", // SETE
                            "66? rex? 8d /r data", // LEA
                            "ff /6 data", // PUSH, POP
                            "8f /0 data",
                            "ff /4 data", // JMP
                            "0f 10 /r data", // MOVUPS
                            "0f 11 /r data",
                            "f2 0f 10 /r data", // MOVSD
                            "f2 0f 11 /r data",
                            "66 rex? 0f 6e /r data", // MOVD, MOVQ
                            "66 rex? 0f 7e /r data",
                            "f3 rex? 0f 2a /r data", // CVTSI2SS
                            "f2 rex? 0f 58 /r data", // ADDSD
                            "66 rex? 0f 2e /r data", // UCOMISD
                            "66 rex? 0f ef /r data", // PXOR
                            "66 rex? 0f 70 /r data ib", // PSHUFD
                            "66 rex? 0f c4 /r data ib"), // PINSRW
                    Encoding.of(
                            "66? rex? 01 /r stack",
                            "66? rex? 8d /r any",
                            "rex? 50+rd",
                            "rex? 58+rd",
                            "c3",
                            "c2 iw",
                            "eb cb",
                            "e9 cd",
                            "e8 cd"),
                    Encoding.jumpsOnConditions())
            .flatMap(kinds -> kinds)
            .toList();

    private static final int VECTOR_BYTES = 256;
    private static final int DATA_BYTES = 64;
    /** As far as the distance from the stack pointer of one byte reaches, and more, both up and down. */
    private static final int STACK_BYTES = 288;

    /** Two places between which, and around which, the distances that branches tell have room. */
    private static final long NEAR = Processor.CODE_BYTES / 4;

    private static final long FAR = 3L * Processor.CODE_BYTES / 4;

    private static Processor processor;
    private static Decoder decoder;
    private static Registers registers;
    private static long data;
    /** Where an address that is on top of the stack, and in the data, leads. */
    private static long elsewhere;

    @BeforeContainer
    static void open() {
        processor = new Processor();
        decoder = new Decoder();
        registers = new Registers();
        data = processor.code();
        elsewhere = data + DATA_BYTES;
        processor.exit(elsewhere);
    }

    @AfterContainer
    static void close() {
        decoder.close();
        processor.close();
    }

    @Provide
    static Arbitrary<Choice> choices() {
        return Choice.any();
    }

    @Provide
    static Arbitrary<MachineState> states() {
        return MachineState.any();
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void everyKindLeavesTheSameElsewhere(
            @ForAll("choices") Choice choice,
            @ForAll("states") MachineState state,
            @ForAll @IntRange(max = 0xffff) int near,
            @ForAll @IntRange(max = 0xffff) int far) {
        for (Encoding kind : KINDS) {
            compare(kind, choice, data + NEAR + near, data + FAR + far, state);
            compare(kind, choice, data + FAR + far, data + NEAR + near, state);
        }
    }

    private static void compare(Encoding kind, Choice choice, long from, long to, MachineState state) {
        byte[] code = kind.code(choice, from, data);
        int distance = kind.distance(choice);
        // Decoded for where the file has it.
        List<Instruction> decoded = decoder.decode(code, from & 0xff_ffff);
        if (decoded.isEmpty() && Code.isUnknownToNewerVersions(code)) {
            return;
        }
        Instruction instruction = decoded.get(0);
        Supplier<String> as = () -> instruction + " (" + HexFormat.of().formatHex(code) + ") in " + state;
        assertThat(instruction.bytes()).as(as).isEqualTo(code);
        processor.write(from, code);
        processor.exit(from + code.length);
        processor.exit(from + code.length + distance);
        Outcome wanted = execute(from, state);

        Optional<byte[]> copy = Relocation.leadingBack(instruction, from, to);
        assertThat(copy.isPresent()).as(as).isEqualTo(instruction.flow() != Flow.CALL);
        if (copy.isPresent()) {
            assertThat(exits(copy.get(), to)).as(as).isSubsetOf(from + code.length, from + code.length + distance);
            processor.write(to, copy.get());
            wanted.check(execute(to, state), as);
        }

        byte[] moved = Relocation.moved(instruction, from, to).orElseThrow(() -> new AssertionError(as.get()));
        assertThat(exits(moved, to)).as(as).isSubsetOf(to + code.length, to + code.length + distance);
        processor.write(to, moved);
        processor.exit(to + code.length);
        processor.exit(to + code.length + distance);
        wanted.check(corrected(execute(to, state), instruction, from - to), as);
    }

    /** Where code leads: not executed are branches to where no exit is, and accesses to other memory, which would fault. */
    private static List<Long> exits(byte[] code, long at) {
        List<Long> exits = new ArrayList<>();
        long next = at;
        for (Instruction instruction : decoder.decode(code, at)) {
            instruction.target().ifPresent(exits::add);
            for (Operand operand : instruction.operands()) {
                if (operand instanceof Operand.Memory memory
                        && memory.isRelative()
                        && instruction.operation() != Operation.LEA) {
                    assertThat(memory.displacement() + instruction.next())
                            .as("%s at %x", instruction, data)
                            .isEqualTo(data);
                }
            }
            next = instruction.next();
        }
        assertThat(next).as(() -> HexFormat.of().formatHex(code)).isEqualTo(at + code.length);
        return exits;
    }

    /** What is left by an instruction that was stepped elsewhere, as whoever steps it corrects it. */
    private static Outcome corrected(Outcome found, Instruction instruction, long away) {
        if (!instruction.goesAnywhere()) {
            found.registers[MachineState.GENERAL + 1] += away;
        }
        if (instruction.flow() == Flow.CALL) {
            ByteBuffer stack = ByteBuffer.wrap(found.stack).order(ByteOrder.LITTLE_ENDIAN);
            int top = STACK_BYTES / 2 - Long.BYTES;
            stack.putLong(top, stack.getLong(top) + away);
        }
        return found;
    }

    private static Outcome execute(long at, MachineState state) {
        byte[] memory = state.memory(VECTOR_BYTES + DATA_BYTES + STACK_BYTES);
        int stack = VECTOR_BYTES + DATA_BYTES;
        ByteBuffer.wrap(memory)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(VECTOR_BYTES, elsewhere)
                .putLong(stack + STACK_BYTES / 2, elsewhere);
        processor.vectors(Arrays.copyOf(memory, VECTOR_BYTES));
        processor.write(data, Arrays.copyOfRange(memory, VECTOR_BYTES, stack));
        processor.write(processor.stack() - STACK_BYTES / 2, Arrays.copyOfRange(memory, stack, memory.length));
        state.load(registers, processor.stack());
        registers.instructionPointer(at);
        processor.execute(registers);
        return new Outcome(
                MachineState.of(registers),
                processor.vectors(),
                processor.read(data, DATA_BYTES),
                processor.read(processor.stack() - STACK_BYTES / 2, STACK_BYTES));
    }

    private record Outcome(long[] registers, byte[] vectors, byte[] data, byte[] stack) {

        void check(Outcome found, Supplier<String> as) {
            assertThat(found.registers).as(as).isEqualTo(registers);
            assertThat(found.vectors).as(as).isEqualTo(vectors);
            assertThat(found.data).as(as).isEqualTo(data);
            assertThat(found.stack).as(as).isEqualTo(stack);
        }
    }
}
