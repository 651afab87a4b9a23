package dev.tracetoll.linux;

import dev.tracetoll.problem.MachineCannot;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;

/** Decodes x86-64 instructions through libcapstone. Not thread-safe. */
public final class Disassembler implements AutoCloseable {

    /**
     * A decoded instruction.
     *
     * @param address where it is
     * @param bytes its bytes
     * @param text its mnemonic and operands, Intel syntax
     */
    public record Instruction(long address, byte[] bytes, String text) {

        /** The address of the instruction that follows. */
        public long next() {
            return address + bytes.length;
        }
    }

    /** libcapstone 4, functions as in {@code <capstone/capstone.h>}. */
    public interface Calls {
        int cs_open(int architecture, int mode, Pointer handle);

        int cs_close(Pointer handle);

        Pointer cs_malloc(long handle);

        void cs_free(Pointer instructions, @size_t long count);

        boolean cs_disasm_iter(long handle, Pointer code, Pointer size, Pointer address, Pointer instruction);
    }

    private static final int CS_ARCH_X86 = 3;
    private static final int CS_MODE_64 = 1 << 3;

    // struct cs_insn of capstone 4: id, address, size, bytes[16], mnemonic[32], op_str[160].
    private static final int ADDRESS = 8;
    private static final int SIZE = 16;
    private static final int BYTES = 18;
    private static final int MNEMONIC = 34;
    private static final int OPERANDS = 66;

    private static final class Libcapstone {
        static final Calls CALLS = NativeLibrary.load(Calls.class, "libcapstone.so.4", "libcapstone4");
    }

    private final Pointer handle = Memory.allocateDirect(runtime(), 8, true);
    private final Pointer instruction;

    public Disassembler() {
        int error = Libcapstone.CALLS.cs_open(CS_ARCH_X86, CS_MODE_64, handle);
        if (error != 0) {
            throw new MachineCannot("Disassembling x86-64", "libcapstone refuses it (error " + error + ")",
                    "install Debian's libcapstone4");
        }
        instruction = Libcapstone.CALLS.cs_malloc(handle.getLong(0));
    }

    /**
     * Decodes code from its start, up to its end or the first bytes that are no instruction.
     *
     * @param code the bytes
     * @param address the address of the first
     */
    public List<Instruction> decode(byte[] code, long address) {
        Pointer memory = Memory.allocateDirect(runtime(), Math.max(1, code.length));
        memory.put(0, code, 0, code.length);
        Pointer cursor = Memory.allocateDirect(runtime(), 24);
        cursor.putAddress(0, memory.address());
        cursor.putLong(8, code.length);
        cursor.putLong(16, address);
        List<Instruction> decoded = new ArrayList<>();
        while (Libcapstone.CALLS.cs_disasm_iter(handle.getLong(0), cursor, cursor.slice(8), cursor.slice(16), instruction)) {
            byte[] bytes = new byte[instruction.getShort(SIZE)];
            instruction.get(BYTES, bytes, 0, bytes.length);
            decoded.add(new Instruction(instruction.getLong(ADDRESS), bytes,
                    (instruction.getString(MNEMONIC) + " " + instruction.getString(OPERANDS)).strip()));
        }
        // Keeps the code reachable while the library reads it.
        memory.getByte(0);
        return decoded;
    }

    private static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    @Override
    public void close() {
        Libcapstone.CALLS.cs_free(instruction, 1);
        Libcapstone.CALLS.cs_close(handle);
    }
}
