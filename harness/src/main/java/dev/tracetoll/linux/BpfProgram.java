package dev.tracetoll.linux;

import dev.tracetoll.problem.OperationFailed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A BPF program for uprobes that was assembled here rather than read from an object file. Closing it unloads it once it is detached. */
public final class BpfProgram implements AutoCloseable {

    /** libc. */
    public interface Calls {
        long syscall(long number, int command, Pointer attributes, int size);

        int close(int fd);
    }

    static final Calls LIBC = LibraryLoader.create(Calls.class).failImmediately().load("c");

    static final long SYS_BPF = 321;
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_TYPE_KPROBE = 2;
    private static final String LICENSE = "Dual BSD/GPL";
    private static final int LOG_BYTES = 1 << 16;

    // union bpf_attr, program loading: prog_type, insn_cnt, insns, license, log_level, log_size, log_buf, kern_version, prog_flags,
    // prog_name, prog_ifindex, expected_attach_type.
    private static final int ATTRIBUTES_BYTES = 72;
    private static final int INSTRUCTION_COUNT = 4;
    private static final int INSTRUCTIONS = 8;
    private static final int LICENSE_ADDRESS = 16;
    private static final int LOG_LEVEL = 24;
    private static final int LOG_SIZE = 28;
    private static final int LOG_ADDRESS = 32;
    private static final int NAME = 48;
    private static final int NAME_BYTES = 16;
    private static final int EXPECTED_ATTACH_TYPE = 68;

    private final int fd;

    private BpfProgram(int fd) {
        this.fd = fd;
    }

    /**
     * Loads a program that is to be attached by one link to many sites.
     *
     * @param name what {@code bpftool} calls it; ASCII
     * @param code from {@link BpfCode#assemble()}
     * @throws OperationFailed if the kernel refuses it; the message has the verifier's last words
     */
    public static BpfProgram load(String name, byte[] code) {
        long fd = load(name, code, null);
        if (fd >= 0) {
            return new BpfProgram((int) fd);
        }
        int error = Errno.last();
        Pointer log = allocate(LOG_BYTES);
        load(name, code, log);
        throw new OperationFailed("Cannot load BPF program " + name + ": " + Errno.describe(error) + verifierSays(log, LOG_BYTES));
    }

    /** Whether the kernel takes a program; nothing stays loaded. */
    public static boolean isTaken(byte[] code) {
        long fd = load("tried", code, null);
        if (fd >= 0) {
            LIBC.close((int) fd);
        }
        return fd >= 0;
    }

    private static long load(String name, byte[] code, Pointer log) {
        Pointer instructions = allocate(code.length);
        instructions.put(0, code, 0, code.length);
        Pointer license = allocate(LICENSE.length() + 1);
        license.put(0, LICENSE.getBytes(StandardCharsets.US_ASCII), 0, LICENSE.length());
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, BPF_PROG_TYPE_KPROBE);
        attributes.putInt(INSTRUCTION_COUNT, code.length / Long.BYTES);
        attributes.putAddress(INSTRUCTIONS, instructions.address());
        attributes.putAddress(LICENSE_ADDRESS, license.address());
        if (log != null) {
            attributes.putInt(LOG_LEVEL, 1);
            attributes.putInt(LOG_SIZE, LOG_BYTES);
            attributes.putAddress(LOG_ADDRESS, log.address());
        }
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        attributes.put(NAME, ascii, 0, Math.min(ascii.length, NAME_BYTES - 1));
        attributes.putInt(EXPECTED_ATTACH_TYPE, Uprobes.BPF_TRACE_UPROBE_MULTI);
        long fd = LIBC.syscall(SYS_BPF, BPF_PROG_LOAD, attributes, ATTRIBUTES_BYTES);
        java.lang.ref.Reference.reachabilityFence(instructions);
        java.lang.ref.Reference.reachabilityFence(license);
        return fd;
    }

    /** The last lines of a verifier's log, as the end of an error message. */
    static String verifierSays(Pointer log, int bytes) {
        byte[] text = new byte[bytes];
        log.get(0, text, 0, bytes);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        String[] lines = new String(text, 0, end, StandardCharsets.UTF_8).strip().split("\n");
        String last = String.join(" / ", Arrays.copyOfRange(lines, Math.max(0, lines.length - 4), lines.length));
        return last.isEmpty() ? "" : "; the verifier says: " + last;
    }

    private static Pointer allocate(int bytes) {
        return Memory.allocateDirect(Runtime.getSystemRuntime(), bytes, true);
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
