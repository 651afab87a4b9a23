package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.linux.ptrace.WaitStatus;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every instruction that is emulated leaves the same registers, flags and memory as on the processor of this machine. */
@NeedsPtrace
class EmulatorIT {

    private static final int VARIANTS = 40;
    private static final int STATES = 6;
    private static final int WINDOW = 512;
    private static final int RSP = 4;
    private static final long ARITHMETIC_FLAGS = 0x8d5;
    /** Undefined after logical operations. */
    private static final long AUXILIARY = 0x10;

    private static final long LOWER_HALF = 0x7fff_ffff_ffffL;

    /** What the operands of an opcode look like. */
    private enum Form {
        NONE,
        OPERANDS,
        ADDRESS,
        IMPLIED
    }

    /**
     * A kind of instructions.
     *
     * @param opcode without prefixes
     * @param field the register field of the ModRM byte if it is part of the opcode, else -1
     * @param immediate size of the immediate in bytes; 16 for one of the operand's size up to 4 bytes, 8 for up to 8
     * @param prefixes whether operand sizes are varied
     */
    private record Kind(String name, String opcode, Form form, int field, int immediate, boolean prefixes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        String[] arithmetic = {"add", "or", null, null, "and", "sub", "xor", "cmp"};
        for (int i = 0; i < arithmetic.length; i++) {
            if (arithmetic[i] != null) {
                for (int form = 0; form < 6; form++) {
                    kinds.add(new Kind(
                            arithmetic[i] + " form " + form,
                            hex(i << 3 | form),
                            form < 4 ? Form.OPERANDS : Form.IMPLIED,
                            -1,
                            form < 4 ? 0 : form == 4 ? 1 : 16,
                            true));
                }
                for (int group : new int[] {0x80, 0x81, 0x83}) {
                    kinds.add(new Kind(
                            arithmetic[i] + " group " + hex(group),
                            hex(group),
                            Form.OPERANDS,
                            i,
                            group == 0x81 ? 16 : 1,
                            true));
                }
            }
        }
        for (int condition = 0; condition < 16; condition++) {
            kinds.add(new Kind("jump on condition " + condition, hex(0x70 | condition), Form.NONE, -1, 1, false));
            kinds.add(new Kind(
                    "near jump on condition " + condition, "0f" + hex(0x80 | condition), Form.NONE, -1, 4, false));
        }
        for (int register = 0; register < 8; register++) {
            for (String rex : new String[] {"", "41"}) {
                kinds.add(new Kind("push " + rex + register, rex + hex(0x50 | register), Form.NONE, -1, 0, false));
                kinds.add(new Kind("pop " + rex + register, rex + hex(0x58 | register), Form.NONE, -1, 0, false));
            }
            kinds.add(new Kind("mov constant " + register, hex(0xb8 | register), Form.IMPLIED, -1, 8, true));
            kinds.add(new Kind("mov byte " + register, hex(0xb0 | register), Form.IMPLIED, -1, 1, true));
        }
        kinds.add(new Kind("movsxd", "63", Form.OPERANDS, -1, 0, false));
        for (String opcode : new String[] {"84", "85", "88", "89", "8a", "8b", "0fb6", "0fb7", "0fbe", "0fbf"}) {
            kinds.add(new Kind("opcode " + opcode, opcode, Form.OPERANDS, -1, 0, true));
        }
        kinds.add(new Kind("lea", "8d", Form.ADDRESS, -1, 0, true));
        kinds.add(new Kind("test al", "a8", Form.IMPLIED, -1, 1, true));
        kinds.add(new Kind("test rax", "a9", Form.IMPLIED, -1, 16, true));
        kinds.add(new Kind("mov byte constant", "c6", Form.OPERANDS, 0, 1, true));
        kinds.add(new Kind("mov constant", "c7", Form.OPERANDS, 0, 16, true));
        kinds.add(new Kind("test byte constant", "f6", Form.OPERANDS, 0, 1, true));
        kinds.add(new Kind("test constant", "f7", Form.OPERANDS, 0, 16, true));
        kinds.add(new Kind("call", "e8", Form.NONE, -1, 4, false));
        kinds.add(new Kind("jmp", "e9", Form.NONE, -1, 4, false));
        kinds.add(new Kind("short jmp", "eb", Form.NONE, -1, 1, false));
        for (String whole : new String[] {
            "c3",
            "f3c3",
            "c21000",
            "90",
            "6690",
            "0f1f00",
            "0f1f4000",
            "0f1f440000",
            "660f1f440000",
            "0f1f8000000000",
            "0f1f840000000000",
            "f30f1efa"
        }) {
            kinds.add(new Kind("whole " + whole, whole, Form.NONE, -1, 0, false));
        }
        return kinds.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void leavesTheSameAsTheProcessor(Kind kind) throws IOException {
        Random random = new Random(kind.name.hashCode());
        int compared = 0;
        try (Processor processor = new Processor();
                Decoder decoder = new Decoder()) {
            for (int variant = 0; variant < VARIANTS; variant++) {
                byte[] code = instruction(kind, random);
                List<Instruction> decoded = decoder.decode(code, processor.place);
                assertThat(decoded)
                        .as("instructions in %s", HexFormat.of().formatHex(code))
                        .hasSize(1);
                assertThat(decoded.get(0).bytes()).isEqualTo(code);
                Optional<EmulatedInstruction> emulated = Emulator.compile(decoded.get(0), processor.place);
                if (emulated.isPresent()) {
                    for (int state = 0; state < STATES; state++) {
                        processor.compare(emulated.get(), code, decoded.get(0).text(), random);
                        compared++;
                    }
                }
            }
        }
        // Those left out have an operand in other memory, which the random prefixes make of some.
        assertThat(compared).as("states compared").isGreaterThan(VARIANTS * STATES / 3);
    }

    private static byte[] instruction(Kind kind, Random random) {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        boolean wide = false;
        boolean halfWord = false;
        if (kind.prefixes || kind.name.equals("movsxd")) {
            halfWord = kind.prefixes && random.nextInt(4) == 0;
            if (halfWord) {
                code.write(0x66);
            }
            if (random.nextInt(3) > 0) {
                int rex = random.nextInt(16);
                wide = (rex & 8) != 0;
                code.write(0x40 | rex);
            }
        }
        code.writeBytes(HexFormat.of().parseHex(kind.opcode));
        if (kind.form == Form.OPERANDS || kind.form == Form.ADDRESS) {
            modrm(kind, random, code);
        }
        int size = wide ? Long.BYTES : halfWord ? Short.BYTES : Integer.BYTES;
        int immediate =
                kind.immediate == 16 ? Math.min(size, Integer.BYTES) : kind.immediate == 8 ? size : kind.immediate;
        byte[] bytes = new byte[immediate];
        random.nextBytes(bytes);
        if (immediate > 0 && random.nextInt(4) == 0) {
            Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0 : -1));
        }
        code.writeBytes(bytes);
        return code.toByteArray();
    }

    private static void modrm(Kind kind, Random random, ByteArrayOutputStream code) {
        int field = (kind.field >= 0 ? kind.field : random.nextInt(8)) << 3;
        if (kind.form == Form.OPERANDS) {
            if (random.nextInt(3) > 0) {
                code.write(0xc0 | field | random.nextInt(8));
            } else {
                code.writeBytes(new byte[] {(byte) (0x40 | field | RSP), 0x24, (byte) random.nextInt()});
            }
            return;
        }
        int mode = random.nextInt(3);
        int number = random.nextInt(8);
        code.write(mode << 6 | field | number);
        int base = number;
        if (number == RSP) {
            int sib = random.nextInt(256);
            code.write(sib);
            base = sib & 7;
        }
        byte[] displacement = new byte[mode == 1 ? 1 : mode == 2 || base == 5 ? Integer.BYTES : 0];
        random.nextBytes(displacement);
        code.writeBytes(displacement);
    }

    private static String hex(int b) {
        return HexFormat.of().toHexDigits((byte) b);
    }

    /** A process whose one thread executes single instructions. */
    private static final class Processor implements AutoCloseable {

        private final ChildProcess child;
        private final Ptrace ptrace = new Ptrace();
        private final Registers registers = new Registers();
        private final ProcessMemory memory = new ProcessMemory();
        private final long place;
        private final long stack;

        Processor() throws IOException {
            child = ChildProcess.spawn(new Launch(
                    Path.of("/bin/sh").toRealPath(),
                    List.of("-c", "echo ready; while :; do :; done"),
                    Map.of(),
                    Redirect.NULL,
                    Redirect.PIPE,
                    Redirect.INHERIT,
                    false));
            assertThat(child.stdout().read()).isEqualTo('r');
            assertThat(ptrace.seize(child.pid(), Ptrace.EXIT_KILL)).isEqualTo(Ptrace.Seizure.SEIZED);
            do {
                ptrace.interrupt(child.pid());
                awaitStop();
            } while (isInSystemCall());
            assertThat(ptrace.read(child.pid(), registers)).isTrue();
            // In the middle of its own code, which it never goes on with.
            place = registers.instructionPointer() & -16;
            stack = (registers.stackPointer() & -16) - 16384;
        }

        private boolean isInSystemCall() throws IOException {
            if (Files.readString(Path.of("/proc", Integer.toString(child.pid()), "syscall"))
                    .startsWith("-1 ")) {
                return false;
            }
            ptrace.resume(child.pid(), 0);
            return true;
        }

        private int awaitStop() {
            assertThat(ptrace.await()).isEqualTo(child.pid());
            assertThat(WaitStatus.isStop(ptrace.status()))
                    .as("stopped, not ended")
                    .isTrue();
            return WaitStatus.signal(ptrace.status());
        }

        /** Executes an instruction in a random state, once here and once there. */
        void compare(EmulatedInstruction emulated, byte[] code, String text, Random random) {
            byte[] window = new byte[WINDOW];
            random.nextBytes(window);
            ByteBuffer words = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
            // A return to an address that cannot be one would fault.
            IntStream.range(0, WINDOW / Long.BYTES)
                    .forEach(i -> words.putLong(i * Long.BYTES, words.getLong(i * Long.BYTES) & LOWER_HALF));
            long[] before = state(random);
            String as = text + " (" + HexFormat.of().formatHex(code) + ") in "
                    + LongStream.of(before).mapToObj(Long::toHexString).toList();

            write(place, code);
            write(stack, window);
            set(before);
            assertThat(ptrace.write(child.pid(), registers)).isTrue();
            assertThat(ptrace.singleStep(child.pid())).isTrue();
            assertThat(awaitStop()).as(as).isEqualTo(Signal.SIGTRAP);
            assertThat(ptrace.read(child.pid(), registers)).isTrue();
            long[] wanted = get();
            byte[] wantedWindow = read();

            write(stack, window);
            set(before);
            StoppedThread thread = new StoppedThread(registers, memory);
            thread.at(child.pid());
            emulated.effect().on(thread);
            assertThat(thread.failed()).as(as).isFalse();
            if (text.matches("(and|or|xor|test) .*")) {
                wanted[17] |= AUXILIARY;
                registers.flags(registers.flags() | AUXILIARY);
            }
            assertThat(get()).as(as).isEqualTo(wanted);
            assertThat(read()).as(as).isEqualTo(wantedWindow);
            if (emulated.where() == EmulatedInstruction.Reach.POINTER) {
                before[16] = wanted[16];
                assertThat(wanted)
                        .as("only the instruction pointer changes: %s", as)
                        .isEqualTo(before);
            }
        }

        /** General registers by their number, the instruction pointer, the flags. */
        private long[] state(Random random) {
            long[] state = new long[18];
            for (int i = 0; i < 16; i++) {
                state[i] = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
            }
            state[RSP] = stack + WINDOW / 2;
            state[16] = place;
            // Interrupts are always enabled, and bit 1 is always set.
            state[17] = random.nextLong() & ARITHMETIC_FLAGS | 0x202;
            return state;
        }

        private void set(long[] state) {
            for (int i = 0; i < 16; i++) {
                registers.general(i, state[i]);
            }
            registers.instructionPointer(state[16]);
            registers.flags(state[17]);
        }

        private long[] get() {
            long[] state = new long[18];
            for (int i = 0; i < 16; i++) {
                state[i] = registers.general(i);
            }
            state[16] = registers.instructionPointer();
            state[17] = registers.flags();
            return state;
        }

        private void write(long address, byte[] bytes) {
            ByteBuffer words = ByteBuffer.allocate((bytes.length + 7) & -8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes);
            for (int i = 0; i < words.capacity(); i += Long.BYTES) {
                assertThat(ptrace.pokeText(child.pid(), address + i, words.getLong(i)))
                        .isTrue();
            }
        }

        private byte[] read() {
            assertThat(memory.read(child.pid(), stack, WINDOW)).isTrue();
            ByteBuffer bytes = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
            memory.copy(bytes, 0, WINDOW);
            return bytes.array();
        }

        @Override
        public void close() {
            child.kill();
            // Its death is reported here, to the tracer.
            while (ptrace.await() >= 0) {
                child.reaped(ptrace.status());
            }
            child.close();
        }
    }
}
