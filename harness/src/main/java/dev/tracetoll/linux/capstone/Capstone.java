package dev.tracetoll.linux.capstone;

import dev.tracetoll.linux.libc.NativeLibrary;
import dev.tracetoll.problem.MachineCannot;
import java.util.Map;
import java.util.TreeMap;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.byref.IntByReference;
import jnr.ffi.types.size_t;

/** libcapstone 4 or 5, for x86-64. Source of the numbers: {@code <capstone/capstone.h>} of either. */
public final class Capstone {

    private static final String WHAT = "Disassembling x86-64";

    /** What brings it, by its soname; Debian and Ubuntu have one of them. The first that is there is used. */
    private static final Map<String, String> PACKAGES =
            new TreeMap<>(Map.of("libcapstone.so.4", "libcapstone4", "libcapstone.so.5", "libcapstone5"));

    /** What brings a library that can be used. */
    public static final String REMEDY = "install the Debian package " + String.join(" or ", PACKAGES.values());

    /** The functions. Addresses are numbers where jnr-ffi would make an object of them for each call. */
    public interface Calls {
        int cs_version(IntByReference major, IntByReference minor);

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

    private static final int CS_ARCH_X86 = 3;
    private static final int CS_MODE_64 = 1 << 3;
    private static final int CS_OPT_DETAIL = 2;
    private static final int CS_OPT_ON = 3;
    /** {@code and al, 1}: an instruction whose register is in none of its bytes. */
    private static final byte[] OF_ACCUMULATOR = {0x24, 0x01};

    static final Calls CALLS = load();

    /** How the library that is used lays out what it says. */
    static final CapstoneStructures STRUCTURES = structures(CALLS);

    private Capstone() {}

    /**
     * The version of the library that is there, for example {@code 4.0}.
     *
     * @throws MachineCannot if none is there that can be used
     */
    public static String version() {
        Calls calls = bind();
        structures(calls);
        IntByReference minor = new IntByReference();
        return major(calls, minor) + "." + minor.intValue();
    }

    private static Calls load() {
        return ready(bind());
    }

    private static Calls bind() {
        MachineCannot why = null;
        for (Map.Entry<String, String> library : PACKAGES.entrySet()) {
            try {
                return NativeLibrary.load(Calls.class, library.getKey(), library.getValue());
            } catch (MachineCannot e) {
                why = why == null ? e : why;
            }
        }
        throw new MachineCannot(
                WHAT, "neither " + String.join(" nor ", PACKAGES.keySet()) + " can be loaded", REMEDY, why);
    }

    private static int major(Calls calls, IntByReference minor) {
        IntByReference major = new IntByReference();
        calls.cs_version(major, minor);
        return major.intValue();
    }

    private static CapstoneStructures structures(Calls calls) {
        int major = major(calls, new IntByReference());
        return CapstoneStructures.ofMajor(major)
                .orElseThrow(() -> new MachineCannot(
                        WHAT,
                        "version " + major + " of libcapstone may put what it says elsewhere than 4 and 5 do",
                        REMEDY));
    }

    /**
     * Loads the library, and decodes an instruction before anyone else may.
     *
     * <p>At the first instruction of all, libcapstone 4.0.2 copies and sorts a table of the process's without any lock ({@code
     * X86_insn_reg_intel} in arch/X86/X86Mapping.c). Two threads that came first at once would leave entries lost or mixed up: from then on
     * {@code and al, 1} has no register, or RAX for AL. Nothing else is shared by handles.
     */
    static Calls load(String library) {
        return ready(NativeLibrary.load(Calls.class, library, "libcapstone4"));
    }

    private static Calls ready(Calls calls) {
        long handle = open(calls, false);
        Pointer code = Memory.allocateDirect(Runtime.getSystemRuntime(), OF_ACCUMULATOR.length);
        code.put(0, OF_ACCUMULATOR, 0, OF_ACCUMULATOR.length);
        Pointer instructions = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
        long count = calls.cs_disasm(handle, code, OF_ACCUMULATOR.length, 0, 1, instructions);
        calls.cs_free(instructions.getPointer(0), count);
        close(calls, handle);
        return calls;
    }

    /**
     * Opens a handle, which is not thread-safe.
     *
     * @param details whether instructions are decoded with their {@code cs_detail}
     */
    static long open(boolean details) {
        return open(CALLS, details);
    }

    static long open(Calls calls, boolean details) {
        Pointer handle = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
        int error = calls.cs_open(CS_ARCH_X86, CS_MODE_64, handle);
        if (error != 0) {
            throw new MachineCannot(WHAT, "libcapstone refuses it (error " + error + ")", REMEDY);
        }
        long opened = handle.getLong(0);
        if (details) {
            calls.cs_option(opened, CS_OPT_DETAIL, CS_OPT_ON);
        }
        return opened;
    }

    static void close(long opened) {
        close(CALLS, opened);
    }

    static void close(Calls calls, long opened) {
        Pointer handle = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
        handle.putLong(0, opened);
        calls.cs_close(handle);
    }
}
