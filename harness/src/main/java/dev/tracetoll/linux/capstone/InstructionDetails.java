package dev.tracetoll.linux.capstone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * What libcapstone says of one instruction at a time, in libcapstone's numbers. Not thread-safe.
 *
 * <p>Source of all offsets and numbers: {@code <capstone/capstone.h>} and {@code <capstone/x86.h>} of libcapstone 4.0.2 and 5.0.7.
 */
public final class InstructionDetails implements AutoCloseable {

    /** Of {@link #operandType}: a register, a constant, memory ({@code x86_op_type}). */
    public static final int REGISTER = 1;

    public static final int IMMEDIATE = 2;
    public static final int MEMORY = 3;
    /** Bits of {@link #operandAccess} ({@code cs_ac_type}). */
    public static final int READS = 1;

    public static final int WRITES = 1 << 1;
    /** Indexes of {@link #prefix}: lock or repeat, segment, operand size, address size. */
    public static final int REPEAT_PREFIX = 0;

    public static final int SEGMENT_PREFIX = 1;
    public static final int SIZE_PREFIX = 2;
    public static final int ADDRESS_PREFIX = 3;

    /** No instruction has more: struct cs_insn has room for one more. */
    private static final int MOST_BYTES = 16;

    private static final CapstoneStructures IN = Capstone.STRUCTURES;

    // struct cs_x86, the same in all versions
    private static final int PREFIX = IN.x86();
    private static final int REX = IN.x86() + 8;
    private static final int OPERAND_COUNT = IN.x86() + 64;
    private static final int OPERANDS = IN.x86() + 72;
    private static final int OPERAND_BYTES = 48;
    private static final int DISPLACEMENT_OFFSET = IN.x86() + 457;
    private static final int X86_BYTES = 464;

    // struct cs_x86_op, the same
    private static final int VALUE = 8;
    private static final int BASE = 12;
    private static final int INDEX = 16;
    private static final int SCALE = 20;
    private static final int DISPLACEMENT = 24;
    private static final int OPERAND_SIZE = 32;
    private static final int OPERAND_ACCESS = 33;

    private final long handle = Capstone.open(true);
    private final ByteBuffer code = direct(MOST_BYTES);
    /** What libcapstone moves on: the address of the bytes, how many there are, the address they are to have. */
    private final ByteBuffer position = direct(3 * Long.BYTES);

    private final ByteBuffer instruction = direct(IN.instructionBytes() + IN.detailBytes());
    private final long codeAddress = addressOf(code);
    private final long positionAddress = addressOf(position);
    private final long instructionAddress = addressOf(instruction);
    /** Both structures as far as they are of use: one copy for all, as reading field by field from native memory costs more than the decoding. */
    private final byte[] decoded = new byte[IN.x86() + X86_BYTES];

    public InstructionDetails() {
        instruction.putLong(IN.detail(), instructionAddress + IN.instructionBytes());
    }

    /**
     * Decodes an instruction; from now on it is what all is said of. False if it is none.
     *
     * @param bytes those of the instruction
     * @param address where it is
     */
    public boolean decode(byte[] bytes, long address) {
        code.put(0, bytes);
        position.putLong(0, codeAddress).putLong(Long.BYTES, bytes.length).putLong(2 * Long.BYTES, address);
        // The callee's bool is in the lowest byte.
        boolean found = (Capstone.CALLS.cs_disasm_iter(
                                handle,
                                positionAddress,
                                positionAddress + Long.BYTES,
                                positionAddress + 2 * Long.BYTES,
                                instructionAddress)
                        & 0xff)
                != 0;
        if (found) {
            instruction.get(0, decoded);
        }
        return found;
    }

    /** Its mnemonic and operands, Intel syntax. */
    public String text() {
        return (text(IN.mnemonic()) + " " + text(IN.operandText())).strip();
    }

    private String text(int at) {
        int end = at;
        while (end < IN.detail() && decoded[end] != 0) {
            end++;
        }
        return new String(decoded, at, end - at, StandardCharsets.US_ASCII);
    }

    /** A prefix of one group, 0 if it has none that means anything. */
    public int prefix(int group) {
        return decoded[PREFIX + group] & 0xff;
    }

    /** Its REX prefix, 0 if it has none. */
    public int rex() {
        return decoded[REX] & 0xff;
    }

    /** How many registers it reads besides its operands. */
    public int readCount() {
        return decoded[IN.readCount()];
    }

    /** One of them ({@code x86_reg}); see {@link #registerName}. */
    public int read(int index) {
        return shortAt(IN.readRegisters() + index * Short.BYTES);
    }

    /** How many registers it writes besides its operands. */
    public int writtenCount() {
        return decoded[IN.writtenCount()];
    }

    /** One of them. */
    public int written(int index) {
        return shortAt(IN.writtenRegisters() + index * Short.BYTES);
    }

    /** How many operands are written out. */
    public int operandCount() {
        return decoded[OPERAND_COUNT];
    }

    public int operandType(int index) {
        return intAt(operand(index));
    }

    /** In bytes. */
    public int operandSize(int index) {
        return decoded[operand(index) + OPERAND_SIZE] & 0xff;
    }

    public int operandAccess(int index) {
        return decoded[operand(index) + OPERAND_ACCESS];
    }

    /** The register that an operand is. */
    public int operandRegister(int index) {
        return intAt(operand(index) + VALUE);
    }

    /** The constant that an operand is; of a direct branch the address it leads to. */
    public long operandImmediate(int index) {
        return longAt(operand(index) + VALUE);
    }

    /** The segment register of an operand in memory, 0 if none is named; so for the others. */
    public int operandSegment(int index) {
        return intAt(operand(index) + VALUE);
    }

    public int operandBase(int index) {
        return intAt(operand(index) + BASE);
    }

    public int operandIndex(int index) {
        return intAt(operand(index) + INDEX);
    }

    public int operandScale(int index) {
        return intAt(operand(index) + SCALE);
    }

    public long operandDisplacement(int index) {
        return longAt(operand(index) + DISPLACEMENT);
    }

    /** Where in the bytes the displacement of an operand in memory is; 0 if there is none. */
    public int displacementOffset() {
        return decoded[DISPLACEMENT_OFFSET] & 0xff;
    }

    private static int operand(int index) {
        return OPERANDS + index * OPERAND_BYTES;
    }

    private int shortAt(int at) {
        return decoded[at] & 0xff | (decoded[at + 1] & 0xff) << Byte.SIZE;
    }

    private int intAt(int at) {
        return shortAt(at) | shortAt(at + Short.BYTES) << Short.SIZE;
    }

    private long longAt(int at) {
        return intAt(at) & 0xffff_ffffL | (long) intAt(at + Integer.BYTES) << Integer.SIZE;
    }

    /** What a register is called. */
    public String registerName(int register) {
        return Capstone.CALLS.cs_reg_name(handle, register);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long addressOf(ByteBuffer buffer) {
        return Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
    }

    @Override
    public void close() {
        Capstone.close(handle);
    }
}
