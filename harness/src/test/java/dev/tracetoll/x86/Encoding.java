package dev.tracetoll.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * A kind of instructions, in the notation of the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, 3.1.1.1: bytes in
 * hexadecimal, {@code +rd} behind one for a register in it, {@code /r} and {@code /0} to {@code /7} for a ModRM byte, {@code ib}, {@code iw} for
 * constants, {@code cb} and {@code cd} for distances to branch.
 *
 * <p>Besides, {@code 66?} and {@code rex?} are prefixes that there may be, {@code iz} and {@code iv} constants of the size of the operands, up to 4
 * and up to 8 bytes; and behind a ModRM byte is what it is about: {@code stack} for a register or a place at a constant distance from the
 * stack pointer, {@code data} for a place at a distance from the instruction, {@code any} for any address that is not accessed.
 */
record Encoding(String notation) {

    private static final int REX = 0x40;
    /** Bits of a REX prefix: wide operands; the index and the base are of the upper eight registers. */
    private static final int WIDE = 8;

    private static final int UPPER_INDEX_AND_BASE = 3;
    /** In a ModRM byte: a SIB byte follows; the operand is a register. */
    private static final int SIB = 4;

    private static final int REGISTER = 0xc0;
    /** In a ModRM or SIB byte, without a displacement: there is no base, or it is the instruction pointer. */
    private static final int NO_BASE = 5;

    private static final int AT_STACK_POINTER = 0x24;

    /**
     * What is free in an instruction; of each kind some of it is of use.
     *
     * @param rex the bits of a REX prefix; none if negative
     * @param half whether there is a prefix for operands of 16 bits
     */
    record Choice(int rex, boolean half, int modRm, int sib, int displacement, long constant) {

        static Arbitrary<Choice> any() {
            return Combinators.combine(
                            Arbitraries.integers().between(-8, 15),
                            Arbitraries.of(false, false, true),
                            Arbitraries.integers().between(0, 0xff),
                            Arbitraries.integers().between(0, 0xff),
                            Arbitraries.integers().withDistribution(RandomDistribution.uniform()),
                            Arbitraries.longs().withDistribution(RandomDistribution.uniform()))
                    .as(Choice::new);
        }
    }

    private boolean isBranch() {
        return notation.endsWith(" cb") || notation.endsWith(" cd");
    }

    /**
     * An instruction of this kind. A branch leads where there is room for an exit of {@link Processor}, or just behind itself.
     *
     * @param place where it is to be
     * @param data what is near it
     */
    byte[] code(Choice choice, long place, long data) {
        int length = filled(choice, 0).length;
        return filled(choice, isBranch() ? distance(choice, length) : (int) (data - place - length));
    }

    /** How far from its end a branch of this kind leads; 0 for what is none. */
    int distance(Choice choice) {
        return isBranch() ? distance(choice, filled(choice, 0).length) : 0;
    }

    private int distance(Choice choice, int length) {
        int distance = notation.endsWith(" cb") ? (byte) choice.constant : (int) choice.constant >> 14;
        int room = length + Processor.EXIT_BYTES;
        return Math.abs(distance) < room ? distance + room * Integer.signum(distance) : distance;
    }

    private byte[] filled(Choice choice, int distance) {
        ByteBuffer code = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        boolean half = notation.startsWith("66? ") && choice.half;
        boolean rex = notation.contains("rex? ") && choice.rex >= 0;
        int size = rex && (choice.rex & WIDE) != 0 ? Long.BYTES : half ? Short.BYTES : Integer.BYTES;
        int bits = notation.contains(" stack") && choice.modRm < REGISTER
                ? choice.rex & ~UPPER_INDEX_AND_BASE
                : choice.rex;
        int register = choice.modRm >> 3 & 7;
        for (String part : notation.split(" ")) {
            switch (part) {
                case "66?" -> put(code, half ? 1 : 0, 0x66);
                case "rex?" -> put(code, rex ? 1 : 0, REX | bits);
                case "/r" -> {}
                case "stack" -> stack(code, choice, register);
                case "data" -> {
                    code.put((byte) (register << 3 | NO_BASE));
                    code.putInt(distance);
                }
                case "any" -> address(code, choice, register);
                case "ib" -> put(code, 1, choice.constant);
                case "iw" -> put(code, Short.BYTES, choice.constant);
                case "iz" -> put(code, Math.min(size, Integer.BYTES), choice.constant);
                case "iv" -> put(code, size, choice.constant);
                case "cb" -> put(code, 1, distance);
                case "cd" -> put(code, Integer.BYTES, distance);
                default -> {
                    if (part.startsWith("/")) {
                        register = Integer.parseInt(part.substring(1));
                    } else {
                        put(
                                code,
                                1,
                                Integer.parseInt(part.substring(0, 2), 16)
                                        | (part.endsWith("+rd") ? choice.sib & 7 : 0));
                    }
                }
            }
        }
        return Arrays.copyOf(code.array(), code.position());
    }

    private static void stack(ByteBuffer code, Choice choice, int register) {
        int mode = choice.modRm >> 6;
        if (choice.modRm >= REGISTER) {
            code.put((byte) (REGISTER | register << 3 | choice.modRm & 7));
        } else {
            code.put((byte) (mode << 6 | register << 3 | SIB)).put((byte) AT_STACK_POINTER);
            put(code, displacementBytes(mode), (byte) choice.displacement);
        }
    }

    private static void address(ByteBuffer code, Choice choice, int register) {
        int mode = (choice.modRm >> 6) % 3;
        int base = choice.modRm & 7;
        code.put((byte) (mode << 6 | register << 3 | base));
        if (base == SIB) {
            code.put((byte) choice.sib);
            base = choice.sib & 7;
        }
        put(code, mode == 0 && base == NO_BASE ? Integer.BYTES : displacementBytes(mode), choice.displacement);
    }

    private static int displacementBytes(int mode) {
        return mode == 2 ? Integer.BYTES : mode;
    }

    private static void put(ByteBuffer code, int size, long value) {
        for (int i = 0; i < size; i++) {
            code.put((byte) (value >> i * Byte.SIZE));
        }
    }

    static Stream<Encoding> of(String... notations) {
        return Arrays.stream(notations).map(Encoding::new);
    }

    /** The jumps on each of the 16 conditions, near and far. */
    static Stream<Encoding> jumpsOnConditions() {
        return IntStream.range(0, 16)
                .mapToObj(Integer::toHexString)
                .flatMap(condition -> of("7" + condition + " cb", "0f 8" + condition + " cd"));
    }

    @Override
    public String toString() {
        return notation;
    }
}
