package dev.tracetoll.linux.capstone;

import dev.tracetoll.linux.libc.NativeLibrary;
import dev.tracetoll.problem.MachineCannot;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;

/** libcapstone 4, for x86-64. Source of the numbers: {@code <capstone/capstone.h>}. */
final class Capstone {

    /** The functions. Addresses are numbers where jnr-ffi would make an object of them for each call. */
    public interface Calls {
        int cs_open(int architecture, int mode, Pointer handle);

        int cs_option(long handle, int type, long value);

        int cs_close(Pointer handle);

        void cs_free(Pointer instructions, @size_t long count);

        @size_t
        long cs_disasm(
                long handle, Pointer code, @size_t long size, long address, @size_t long count, Pointer instructions);

        int cs_disasm_iter(long handle, long code, long size, long address, long instruction);

        String cs_reg_name(long handle, int register);

        String cs_insn_name(long handle, int instruction);
    }

    static final Calls CALLS = NativeLibrary.load(Calls.class, "libcapstone.so.4", "libcapstone4");

    private static final int CS_ARCH_X86 = 3;
    private static final int CS_MODE_64 = 1 << 3;
    private static final int CS_OPT_DETAIL = 2;
    private static final int CS_OPT_ON = 3;

    private Capstone() {}

    /**
     * Opens a handle, which is not thread-safe.
     *
     * @param details whether instructions are decoded with their {@code cs_detail}
     */
    static long open(boolean details) {
        Pointer handle = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
        int error = CALLS.cs_open(CS_ARCH_X86, CS_MODE_64, handle);
        if (error != 0) {
            throw new MachineCannot(
                    "Disassembling x86-64",
                    "libcapstone refuses it (error " + error + ")",
                    "install Debian's libcapstone4");
        }
        long opened = handle.getLong(0);
        if (details) {
            CALLS.cs_option(opened, CS_OPT_DETAIL, CS_OPT_ON);
        }
        return opened;
    }

    static void close(long opened) {
        Pointer handle = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
        handle.putLong(0, opened);
        CALLS.cs_close(handle);
    }
}
