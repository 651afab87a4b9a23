package dev.tracetoll.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of an instruction that is executed at another address.
 *
 * <p>Source of the encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2.
 */
public final class Relocation {

    /**
     * Instructions that must be where they are: what remembers its own address, in a register or on the stack or in a signal, and what enters
     * the kernel. Besides, what is executed again and again under a single-step, having a repeat prefix.
     */
    private static final Set<Operation> BOUND = EnumSet.of(
            Operation.CALL,
            Operation.LOOP,
            Operation.SYSTEM,
            Operation.TRANSACTION,
            Operation.FAR_RETURN,
            Operation.DIVISION);

    private Relocation() {}

    /**
     * The instruction's bytes for another address. Of a direct jump or call, which a single-step leaves with an address to be corrected, they
     * are the same.
     *
     * @param from where it is, which need not be where it was decoded for
     * @param to where it is to be
     * @return empty if it cannot be executed elsewhere
     */
    public static Optional<byte[]> moved(Instruction instruction, long from, long to) {
        byte[] code = instruction.bytes().clone();
        if (isStepped(instruction)) {
            return Optional.of(code);
        }
        if (BOUND.contains(instruction.operation())
                || instruction.prefixes().repeat()
                || instruction.target().isPresent()) {
            return Optional.empty();
        }
        if (!instruction.isRelative()) {
            return Optional.of(code);
        }
        int at = instruction.displacementOffset();
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        long distance = bytes.getInt(at) + from - to;
        if (isTooFar(distance)) {
            return Optional.empty();
        }
        bytes.putInt(at, (int) distance);
        return Optional.of(code);
    }

    /** Whether it is a direct jump or call that leaves nothing behind which a correction of the instruction pointer would not cure. */
    private static boolean isStepped(Instruction instruction) {
        Details.Prefixes prefixes = instruction.prefixes();
        return instruction.target().isPresent()
                && instruction.operation() != Operation.LOOP
                && !prefixes.repeat()
                && !prefixes.size();
    }

    /**
     * Code for another address that does what the instruction does and goes on where it would.
     *
     * @param from where it is, which need not be where it was decoded for
     * @param to where the code is to be
     * @return empty if there is none
     */
    public static Optional<byte[]> leadingBack(Instruction instruction, long from, long to) {
        long next = from + instruction.length();
        if (instruction.flow() == Flow.CALL) {
            return Optional.empty();
        }
        Optional<byte[]> there = isStepped(instruction)
                ? branch(instruction, to, instruction.target().getAsLong() + from - instruction.address())
                : moved(instruction, from, to);
        return instruction.goesAnywhere()
                ? there
                : there.flatMap(itself -> jump(to + itself.length, next).map(back -> joined(itself, back)));
    }

    /** A jump on the instruction's condition, if it has one. */
    private static Optional<byte[]> branch(Instruction instruction, long at, long target) {
        if (instruction.condition().isEmpty()) {
            return jump(at, target);
        }
        byte opcode = (byte) (0x80 | instruction.condition().get().ordinal());
        // The distance is from the end, which is a byte later than that of an unconditional one.
        return jump(at + 1, target)
                .map(near -> ByteBuffer.allocate(2 + Integer.BYTES)
                        .put((byte) 0x0f)
                        .put(opcode)
                        .put(near, 1, Integer.BYTES)
                        .array());
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** A jump between two addresses: its five bytes; empty if they are too far apart for any. */
    private static Optional<byte[]> jump(long from, long to) {
        long distance = to - from - 1 - Integer.BYTES;
        return isTooFar(distance)
                ? Optional.empty()
                : Optional.of(ByteBuffer.allocate(1 + Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put((byte) 0xe9)
                        .putInt((int) distance)
                        .array());
    }

    /** Whether a distance is one that no instruction can tell. */
    private static boolean isTooFar(long distance) {
        return distance != (int) distance;
    }
}
