package dev.tracetoll.linux.capstone;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Finds out which instructions x86-64 code is made of, many at a time, as nobody wants to know more of most; {@link InstructionDetails} says
 * more of one. Not thread-safe.
 */
public final class Disassembler implements AutoCloseable {

    /** Is told of an instruction. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * An instruction was found.
         *
         * @param id which instruction it is ({@code x86_insn}); see {@link Disassembler#name}
         * @param address where it is
         * @param bytes its bytes
         */
        void instruction(int id, long address, byte[] bytes);
    }

    // struct cs_insn, the same in all versions: id, address, size, bytes; then comes what is for people.
    private static final int ID = 0;
    private static final int ADDRESS = 8;
    private static final int SIZE = 16;
    private static final int BYTES = 18;
    private static final int INSTRUCTION_BYTES = Capstone.STRUCTURES.instructionBytes();

    /** Decoded at a time, as each takes much memory before it is copied. */
    private static final int INSTRUCTIONS_AT_ONCE = 1 << 12;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final long handle = Capstone.open(false);
    private final Pointer instructions = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
    private final byte[] decoded = new byte[INSTRUCTIONS_AT_ONCE * INSTRUCTION_BYTES];
    private int capacity = 1 << 14;
    private Pointer memory = Memory.allocateDirect(Runtime.getSystemRuntime(), capacity);

    /**
     * Decodes code from its start, up to its end, the first bytes that are no instruction, or so many instructions.
     *
     * @param code the bytes
     * @param address the address of the first
     * @param most how many instructions at most
     */
    public void decode(byte[] code, long address, int most, Visitor visitor) {
        if (code.length > capacity) {
            capacity = Math.max(code.length, 2 * capacity);
            memory = Memory.allocateDirect(Runtime.getSystemRuntime(), capacity);
        }
        memory.put(0, code, 0, code.length);
        int at = 0;
        int left = most;
        while (at < code.length && left > 0) {
            int count = (int) Capstone.CALLS.cs_disasm(
                    handle,
                    memory.slice(at),
                    code.length - at,
                    address + at,
                    Math.min(left, INSTRUCTIONS_AT_ONCE),
                    instructions);
            if (count == 0) {
                return;
            }
            Pointer array = instructions.getPointer(0);
            // One copy for all: reading field by field through native pointers costs more than the decoding.
            array.get(0, decoded, 0, count * INSTRUCTION_BYTES);
            Capstone.CALLS.cs_free(array, count);
            for (int i = 0; i < count * INSTRUCTION_BYTES; i += INSTRUCTION_BYTES) {
                int size = (short) SHORT.get(decoded, i + SIZE);
                visitor.instruction(
                        (int) INT.get(decoded, i + ID),
                        (long) LONG.get(decoded, i + ADDRESS),
                        Arrays.copyOfRange(decoded, i + BYTES, i + BYTES + size));
                at += size;
            }
            left -= count;
        }
    }

    /** The mnemonic that belongs to an instruction's number, without prefixes. */
    public String name(int id) {
        return Capstone.CALLS.cs_insn_name(handle, id);
    }

    @Override
    public void close() {
        Capstone.close(handle);
    }
}
