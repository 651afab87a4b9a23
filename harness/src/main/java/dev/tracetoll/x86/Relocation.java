package dev.tracetoll.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
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

    private static final int LONGEST_DISTANCE = Integer.MAX_VALUE;

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
        if (at == 0 || at + Integer.BYTES > code.length) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        long distance = bytes.getInt(at) + from - to;
        if (Math.abs(distance) > LONGEST_DISTANCE) {
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
        OptionalLong target = instruction.target();
        if (isStepped(instruction)) {
            byte[] branch = branch(instruction, to, target.getAsLong() + from - instruction.address());
            return Optional.of(joined(branch, jump(to + branch.length, next)));
        }
        Optional<byte[]> moved = moved(instruction, from, to);
        return instruction.goesAnywhere() ? moved : moved.map(itself -> joined(itself, jump(to + itself.length, next)));
    }

    /** A jump on the instruction's condition, if it has one, that reaches everywhere. */
    private static byte[] branch(Instruction instruction, long at, long target) {
        if (instruction.condition().isEmpty()) {
            return jump(at, target);
        }
        // The distance is from the end, which is a byte later than that of an unconditional one.
        byte[] near = jump(at + 1, target);
        return ByteBuffer.allocate(2 + Integer.BYTES)
                .put((byte) 0x0f)
                .put((byte) (0x80 | instruction.condition().get().ordinal()))
                .put(near, 1, Integer.BYTES)
                .array();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** A jump between two addresses: its five bytes. */
    private static byte[] jump(long from, long to) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0xe9)
                .putInt((int) (to - from - 1 - Integer.BYTES))
                .array();
    }
}
