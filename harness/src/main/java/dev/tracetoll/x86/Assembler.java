package dev.tracetoll.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes machine code for the place where it is to be executed. Registers are named by the numbers that instructions use for them: 0 is RAX, 4
 * RSP, 15 R15; operations are of 64 bits where nothing else is said.
 *
 * <p>Source of the encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
public final class Assembler {

    /** A place in the code, which may be jumped to before it is known. */
    public static final class Label {
        private int position = -1;
        private final List<Integer> jumps = new ArrayList<>();
    }

    /** What is done with two operands, in the order of the opcodes: bits 3 to 5. */
    public enum Arithmetic {
        ADD,
        OR,
        ADC,
        SBB,
        AND,
        SUB,
        XOR,
        CMP
    }

    private static final int WIDE = 8;
    private static final int REX = 0x40;
    private static final int INITIAL_BYTES = 256;
    /** In a ModRM byte: a SIB byte follows. In a SIB byte: there is no index. */
    private static final int SIB = 4;

    private static final int NO_INDEX = -1;
    private static final int LOW = 7;
    /** From here on a byte of a register is named as in old code only with a REX prefix. */
    private static final int FIRST_BYTE_WITH_REX = 4;

    private final long origin;
    private ByteBuffer code = ByteBuffer.allocate(INITIAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** @param origin the address of the first instruction */
    public Assembler(long origin) {
        this.origin = origin;
    }

    /** The address of what is written next. */
    public long here() {
        return origin + code.position();
    }

    /** What has been written; every label that was jumped to must have been bound. */
    public byte[] bytes() {
        return Arrays.copyOf(code.array(), code.position());
    }

    /** Instructions that somebody else has encoded. */
    public void raw(byte[] instructions) {
        for (byte each : instructions) {
            put(each);
        }
    }

    /** The label is here. */
    public void bind(Label label) {
        label.position = code.position();
        for (int jump : label.jumps) {
            code.putInt(jump, label.position - jump - Integer.BYTES);
        }
        label.jumps.clear();
    }

    // ---- moves

    /** Loads so many bytes from memory, clearing the rest of the register. */
    public void load(int to, int base, int displacement, int size) {
        load(to, base, NO_INDEX, 1, displacement, size);
    }

    /** The same at {@code base + index * scale + displacement}. */
    public void load(int to, int base, int index, int scale, int displacement, int size) {
        switch (size) {
            case 1 -> memory(0, new int[] {0x0f, 0xb6}, to, base, index, scale, displacement);
            case Short.BYTES -> memory(0, new int[] {0x0f, 0xb7}, to, base, index, scale, displacement);
            case Integer.BYTES -> memory(0, new int[] {0x8b}, to, base, index, scale, displacement);
            case Long.BYTES -> memory(WIDE, new int[] {0x8b}, to, base, index, scale, displacement);
            default -> throw new IllegalArgumentException("no register has " + size + " bytes");
        }
    }

    /** Stores the low bytes of a register. */
    public void store(int base, int displacement, int from, int size) {
        store(base, NO_INDEX, 1, displacement, from, size);
    }

    /** The same at {@code base + index * scale + displacement}. */
    public void store(int base, int index, int scale, int displacement, int from, int size) {
        if (size == Short.BYTES) {
            put(0x66);
        }
        // Without a REX prefix, registers 4 to 7 of one byte would be AH to BH.
        int rex = size == Long.BYTES ? WIDE : size == 1 && from >= FIRST_BYTE_WITH_REX ? REX : 0;
        memory(rex, new int[] {size == 1 ? 0x88 : 0x89}, from, base, index, scale, displacement);
    }

    /** Stores a constant of 1, 4 or 8 bytes; one of 8 is given by its low 32 bits, sign-extended. */
    public void storeConstant(int base, int displacement, int constant, int size) {
        memory(size == Long.BYTES ? WIDE : 0, new int[] {size == 1 ? 0xc6 : 0xc7}, 0, base, NO_INDEX, 1, displacement);
        if (size == 1) {
            put(constant);
        } else {
            putInt(constant);
        }
    }

    /** Stores the low 4 or 8 bytes of a vector register. */
    public void storeFloat(int base, int displacement, int vector, int size) {
        put(size == Float.BYTES ? 0xf3 : 0xf2);
        memory(0, new int[] {0x0f, 0x11}, vector, base, NO_INDEX, 1, displacement);
    }

    /** Moves the low 8 bytes of a vector register. */
    public void moveFloat(int to, int vector) {
        put(0x66);
        registersOfLong(0x7e, vector, to);
    }

    /** Moves to the low 8 bytes of a vector register, clearing the next 8. */
    public void moveToVector(int vector, int from) {
        put(0x66);
        registersOfLong(0x6e, vector, from);
    }

    public void move(int to, int from) {
        registers(WIDE, 0x89, from, to);
    }

    public void moveConstant(int to, long constant) {
        if (constant == (constant & 0xffff_ffffL)) {
            if (to > LOW) {
                put(REX | 1);
            }
            put(0xb8 | to & LOW);
            putInt((int) constant);
        } else {
            put(REX | WIDE | to >> 3);
            put(0xb8 | to & LOW);
            putLong(constant);
        }
    }

    /** {@code to = base + displacement}. */
    public void address(int to, int base, int displacement) {
        address(to, base, NO_INDEX, displacement);
    }

    /** {@code to = base + index + displacement}. */
    public void address(int to, int base, int index, int displacement) {
        memory(WIDE, new int[] {0x8d}, to, base, index, 1, displacement);
    }

    /** Moves if the condition holds. */
    public void moveIf(Condition condition, int to, int from) {
        registersOfLong(0x40 | condition.ordinal(), to, from);
    }

    /** Swaps the low byte of a register with one of memory, in one piece for all processors. */
    public void exchangeByte(int register, int base, int displacement) {
        memory(REX, new int[] {0x86}, register, base, NO_INDEX, 1, displacement);
    }

    // ---- arithmetic

    public void compute(Arithmetic operation, int to, int from) {
        registers(WIDE, operation.ordinal() << 3 | 1, from, to);
    }

    public void computeConstant(Arithmetic operation, int to, int constant) {
        boolean small = constant == (byte) constant;
        registers(WIDE, small ? 0x83 : 0x81, operation.ordinal(), to);
        if (small) {
            put(constant);
        } else {
            putInt(constant);
        }
    }

    /** With an operand in memory, of which the register is the first. */
    public void computeFrom(Arithmetic operation, int to, int base, int displacement) {
        memory(WIDE, new int[] {operation.ordinal() << 3 | 3}, to, base, NO_INDEX, 1, displacement);
    }

    /** With 8 bytes of memory, which are the first operand. */
    public void computeInto(Arithmetic operation, int base, int displacement, int from) {
        memory(WIDE, new int[] {operation.ordinal() << 3 | 1}, from, base, NO_INDEX, 1, displacement);
    }

    /** With 4 bytes of memory, which are the first operand, and a constant. */
    public void computeConstantInto(Arithmetic operation, int base, int displacement, int constant) {
        memory(0, new int[] {0x81}, operation.ordinal(), base, NO_INDEX, 1, displacement);
        putInt(constant);
    }

    /** Compares a byte of memory with a constant. */
    public void compareByte(int base, int displacement, int constant) {
        memory(0, new int[] {0x80}, Arithmetic.CMP.ordinal(), base, NO_INDEX, 1, displacement);
        put(constant);
    }

    /** Compares 8 bytes at {@code base + index * scale + displacement} with a constant of one byte. */
    public void compareWord(int base, int index, int scale, int displacement, int constant) {
        memory(WIDE, new int[] {0x83}, Arithmetic.CMP.ordinal(), base, index, scale, displacement);
        put(constant);
    }

    /** Adds one to 8 bytes of memory, in one piece for all processors. */
    public void incrementLocked(int base, int displacement) {
        put(0xf0);
        memory(WIDE, new int[] {0xff}, 0, base, NO_INDEX, 1, displacement);
    }

    /** As {@link #computeInto}, in one piece for all processors. */
    public void computeLocked(Arithmetic operation, int base, int displacement, int from) {
        put(0xf0);
        computeInto(operation, base, displacement, from);
    }

    /**
     * Puts a register into 8 bytes of memory if they are equal to RAX, and else them into RAX; tells by the flags which. In one piece for this
     * processor.
     */
    public void compareExchange(int base, int displacement, int from) {
        memory(WIDE, new int[] {0x0f, 0xb1}, from, base, NO_INDEX, 1, displacement);
    }

    /** The same in one piece for all processors. */
    public void compareExchangeLocked(int base, int displacement, int from) {
        put(0xf0);
        compareExchange(base, displacement, from);
    }

    /** Tells by the flags whether it is 0. */
    public void test(int register) {
        registers(WIDE, 0x85, register, register);
    }

    /** Tells by the flags whether any of the bits is set in the low byte. */
    public void testByte(int register, int bits) {
        registers(register >= FIRST_BYTE_WITH_REX ? REX : 0, 0xf6, 0, register);
        put(bits);
    }

    public void shiftLeft(int register, int bits) {
        registers(WIDE, 0xc1, 4, register);
        put(bits);
    }

    public void shiftRight(int register, int bits) {
        registers(WIDE, 0xc1, 5, register);
        put(bits);
    }

    public void multiply(int register, int constant) {
        registers(WIDE, 0x69, register, register);
        putInt(constant);
    }

    public void multiplyRegister(int to, int from) {
        registersOfLong(0xaf, to, from);
    }

    /** Multiplies RAX, without signs, leaving the high half in RDX and the low one in RAX. */
    public void multiplyWide(int by) {
        registers(WIDE, 0xf7, 4, by);
    }

    /** Shifts right, letting in bits of another register from the left. */
    public void shiftRight(int register, int from, int bits) {
        registersOfLong(0xac, from, register);
        put(bits);
    }

    /** Shifts right by as many bits as the low byte of RCX says. */
    public void shiftRightByCount(int register) {
        registers(WIDE, 0xd3, 5, register);
    }

    /** The number of the highest bit that is set; of 0 it is not known. */
    public void highestBit(int to, int from) {
        registersOfLong(0xbd, to, from);
    }

    public void setBit(int register, int bit) {
        registersOfLong(0xba, 5, register);
        put(bit);
    }

    /** The time stamp counter, high half in RDX, low in RAX. */
    public void readTimeStampCounter() {
        put(0x0f);
        put(0x31);
    }

    // ---- jumps

    public void jump(Label to) {
        put(0xe9);
        distance(to);
    }

    public void jumpIf(Condition condition, Label to) {
        put(0x0f);
        put(0x80 | condition.ordinal());
        distance(to);
    }

    /**
     * Jumps to an address.
     *
     * @throws IllegalArgumentException if it is too far away
     */
    public void jump(long to) {
        put(0xe9);
        distance(to);
    }

    /**
     * Jumps to an address.
     *
     * @throws IllegalArgumentException if it is too far away
     */
    public void jumpIf(Condition condition, long to) {
        put(0x0f);
        put(0x80 | condition.ordinal());
        distance(to);
    }

    private void distance(Label to) {
        if (to.position < 0) {
            to.jumps.add(code.position());
            putInt(0);
        } else {
            putInt(to.position - code.position() - Integer.BYTES);
        }
    }

    private void distance(long to) {
        long distance = to - here() - Integer.BYTES;
        if (distance != (int) distance) {
            throw new IllegalArgumentException("0x" + Long.toHexString(to) + " is too far from 0x"
                    + Long.toHexString(here()) + " to be jumped to");
        }
        putInt((int) distance);
    }

    // ---- encoding

    /** An instruction on two registers, or on one with what belongs to the opcode in place of the other. */
    private void registers(int rex, int opcode, int field, int register) {
        prefix(rex | field >> 3 << 2 | register >> 3);
        put(opcode);
        put(0xc0 | (field & LOW) << 3 | register & LOW);
    }

    /** The same of 64 bits and of two bytes of opcode, of which this is the second one. */
    private void registersOfLong(int opcode, int field, int register) {
        prefix(WIDE | field >> 3 << 2 | register >> 3);
        put(0x0f);
        put(opcode);
        put(0xc0 | (field & LOW) << 3 | register & LOW);
    }

    private void memory(int rex, int[] opcode, int field, int base, int index, int scale, int displacement) {
        prefix(rex | field >> 3 << 2 | Math.max(index, 0) >> 3 << 1 | base >> 3);
        for (int each : opcode) {
            put(each);
        }
        boolean small = displacement == (byte) displacement;
        int mode = displacement == 0 && (base & LOW) != Register.RBP ? 0 : small ? 1 : 2;
        if (index < 0 && (base & LOW) != SIB) {
            put(mode << 6 | (field & LOW) << 3 | base & LOW);
        } else {
            put(mode << 6 | (field & LOW) << 3 | SIB);
            put(Integer.numberOfTrailingZeros(scale) << 6 | (index < 0 ? SIB : index & LOW) << 3 | base & LOW);
        }
        if (mode == 1) {
            put(displacement);
        } else if (mode == 2) {
            putInt(displacement);
        }
    }

    /** One that says nothing is left out. */
    private void prefix(int rex) {
        if (rex != 0) {
            put(REX | rex);
        }
    }

    private void put(int each) {
        ensure(1).put((byte) each);
    }

    private void putInt(int each) {
        ensure(Integer.BYTES).putInt(each);
    }

    private void putLong(long each) {
        ensure(Long.BYTES).putLong(each);
    }

    private ByteBuffer ensure(int bytes) {
        if (code.remaining() < bytes) {
            code = ByteBuffer.allocate(2 * code.capacity())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(code.flip());
        }
        return code;
    }
}
