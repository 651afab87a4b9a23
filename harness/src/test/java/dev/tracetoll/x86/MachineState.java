package dev.tracetoll.x86;

import dev.tracetoll.linux.ptrace.Registers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;

/**
 * What an instruction may find: registers, flags and memory.
 *
 * @param words the general registers, the flags, and what memory is filled with
 */
record MachineState(long[] words) {

    static final int GENERAL = 16;
    static final long ARITHMETIC_FLAGS = 0x8d5;
    /** Interrupts are always enabled, and bit 1 is always set. */
    private static final long OTHER_FLAGS = 0x202;

    private static final int MEMORY = GENERAL + 1;
    private static final int WORDS = MEMORY + 80;

    /** Those in which something is likely to be at a border, or equal to something else. */
    static Arbitrary<MachineState> any() {
        return Arbitraries.oneOf(
                        Arbitraries.of(
                                0L,
                                1L,
                                -1L,
                                0x7fL,
                                0x80L,
                                0xffL,
                                0x7fffL,
                                0x8000L,
                                0x7fff_ffffL,
                                0x8000_0000L,
                                0xffff_ffffL,
                                Long.MAX_VALUE,
                                Long.MIN_VALUE),
                        Arbitraries.longs().withDistribution(RandomDistribution.uniform()))
                .array(long[].class)
                .ofSize(WORDS)
                .map(MachineState::new);
    }

    /** @param stackPointer instead of a random one */
    void load(Registers registers, long stackPointer) {
        for (int i = 0; i < GENERAL; i++) {
            registers.general(i, words[i]);
        }
        registers.general(Register.RSP, stackPointer);
        registers.flags(words[GENERAL] & ARITHMETIC_FLAGS | OTHER_FLAGS);
    }

    /** What memory is filled with, up to 640 bytes. */
    byte[] memory(int size) {
        ByteBuffer memory = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        memory.asLongBuffer().put(words, MEMORY, size / Long.BYTES);
        return memory.array();
    }

    /** General registers by their numbers, the flags, and the instruction pointer. */
    static long[] of(Registers registers) {
        long[] all = new long[GENERAL + 2];
        for (int i = 0; i < GENERAL; i++) {
            all[i] = registers.general(i);
        }
        all[GENERAL] = registers.flags();
        all[GENERAL + 1] = registers.instructionPointer();
        return all;
    }

    @Override
    public String toString() {
        return Arrays.stream(words).mapToObj(Long::toHexString).toList().toString();
    }
}
