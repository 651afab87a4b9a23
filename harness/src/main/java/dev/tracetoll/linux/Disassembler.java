package dev.tracetoll.linux;

import dev.tracetoll.problem.MachineCannot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;

/** Decodes x86-64 instructions through libcapstone. Not thread-safe. */
public final class Disassembler implements AutoCloseable {

    /** A decoded instruction. */
    public static final class Instruction {
        private final long address;
        private final byte[] bytes;
        /** Mnemonic and operands, each with zeros behind. */
        private final byte[] words;

        private Instruction(byte[] decoded, int at) {
            this.address = (long) LONG.get(decoded, at + ADDRESS);
            this.bytes = Arrays.copyOfRange(decoded, at + BYTES, at + BYTES + (short) SHORT.get(decoded, at + SIZE));
            int end = at + OPERANDS;
            while (end < at + DETAIL && decoded[end] != 0) {
                end++;
            }
            // Not the rest of what libcapstone has room for, which would be most of it.
            this.words = Arrays.copyOfRange(decoded, at + MNEMONIC, end);
        }

        /** Where it is. */
        public long address() {
            return address;
        }

        /** Its bytes; not to be changed. */
        public byte[] bytes() {
            return bytes;
        }

        /** Its mnemonic and operands, Intel syntax. */
        public String text() {
            int mnemonic = 0;
            while (mnemonic < OPERANDS - MNEMONIC && words[mnemonic] != 0) {
                mnemonic++;
            }
            int operands = OPERANDS - MNEMONIC;
            return (new String(words, 0, mnemonic, StandardCharsets.US_ASCII) + " "
                    + new String(words, operands, words.length - operands, StandardCharsets.US_ASCII)).strip();
        }

        /** The address of the instruction that follows. */
        public long next() {
            return address + bytes.length;
        }

        @Override
        public String toString() {
            return "0x" + Long.toHexString(address) + " " + text();
        }
    }

    /** libcapstone 4, functions as in {@code <capstone/capstone.h>}. */
    public interface Calls {
        int cs_open(int architecture, int mode, Pointer handle);

        int cs_close(Pointer handle);

        void cs_free(Pointer instructions, @size_t long count);

        @size_t
        long cs_disasm(long handle, Pointer code, @size_t long size, long address, @size_t long count, Pointer instructions);
    }

    private static final int CS_ARCH_X86 = 3;
    private static final int CS_MODE_64 = 1 << 3;

    // struct cs_insn of capstone 4: id, address, size, bytes[16], mnemonic[32], op_str[160], detail.
    private static final int ADDRESS = 8;
    private static final int SIZE = 16;
    private static final int BYTES = 18;
    private static final int MNEMONIC = 34;
    private static final int OPERANDS = 66;
    private static final int DETAIL = 232;
    private static final int INSTRUCTION_BYTES = 240;

    /** No function has as many; more would take more memory than a function is worth. */
    public static final int MOST_INSTRUCTIONS = 1 << 20;
    /** Decoded at a time, as each takes a hundred times as much memory before it is copied. */
    private static final int INSTRUCTIONS_AT_ONCE = 1 << 12;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final class Libcapstone {
        static final Calls CALLS = NativeLibrary.load(Calls.class, "libcapstone.so.4", "libcapstone4");
    }

    private final Pointer handle = Memory.allocateDirect(runtime(), 8, true);
    private final Pointer instructions = Memory.allocateDirect(runtime(), 8, true);

    private int capacity = 1 << 14;
    private final byte[] decoded = new byte[INSTRUCTIONS_AT_ONCE * INSTRUCTION_BYTES];
    private Pointer memory = Memory.allocateDirect(runtime(), capacity);

    public Disassembler() {
        int error = Libcapstone.CALLS.cs_open(CS_ARCH_X86, CS_MODE_64, handle);
        if (error != 0) {
            throw new MachineCannot("Disassembling x86-64", "libcapstone refuses it (error " + error + ")",
                    "install Debian's libcapstone4");
        }
    }

    /**
     * Decodes code from its start, up to its end, the first bytes that are no instruction, or {@link #MOST_INSTRUCTIONS}.
     *
     * @param code the bytes
     * @param address the address of the first
     */
    public List<Instruction> decode(byte[] code, long address) {
        if (code.length > capacity) {
            capacity = Math.max(code.length, 2 * capacity);
            memory = Memory.allocateDirect(runtime(), capacity);
        }
        memory.put(0, code, 0, code.length);
        List<Instruction> list = new ArrayList<>();
        int at = 0;
        while (at < code.length && list.size() < MOST_INSTRUCTIONS) {
            int count = (int) Libcapstone.CALLS.cs_disasm(handle.getLong(0), memory.slice(at), code.length - at, address + at,
                    INSTRUCTIONS_AT_ONCE, instructions);
            if (count == 0) {
                return list;
            }
            Pointer array = instructions.getPointer(0);
            // One copy for all: reading field by field through native pointers costs more than the decoding.
            array.get(0, decoded, 0, count * INSTRUCTION_BYTES);
            Libcapstone.CALLS.cs_free(array, count);
            for (int i = 0; i < count; i++) {
                list.add(new Instruction(decoded, i * INSTRUCTION_BYTES));
            }
            at = (int) (list.get(list.size() - 1).next() - address);
        }
        return list;
    }

    private static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    @Override
    public void close() {
        Libcapstone.CALLS.cs_close(handle);
    }
}
