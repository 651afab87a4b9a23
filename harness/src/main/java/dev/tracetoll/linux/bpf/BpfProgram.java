package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.OperationFailed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A BPF program for uprobes that was assembled here rather than read from an object file. Closing it unloads it once it is detached. */
public final class BpfProgram implements AutoCloseable {

    private static final int LOG_BYTES = 1 << 16;

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
        int fd = Bpf.load(name, code, Bpf.UPROBE_MULTI, null);
        if (fd >= 0) {
            return new BpfProgram(fd);
        }
        Pointer log = Memory.allocateDirect(Runtime.getSystemRuntime(), LOG_BYTES, true);
        Bpf.load(name, code, Bpf.UPROBE_MULTI, log);
        throw new OperationFailed(
                "Cannot load BPF program " + name + ": " + Errno.describe(-fd) + verifierSays(log, LOG_BYTES));
    }

    /** Whether the kernel takes a program; nothing stays loaded. */
    public static boolean isTaken(byte[] code) {
        int fd = Bpf.load("tried", code, Bpf.UPROBE_MULTI, null);
        if (fd >= 0) {
            FileCalls.LIBC.close(fd);
        }
        return fd >= 0;
    }

    /** The last lines of a verifier's log, as the end of an error message. */
    static String verifierSays(Pointer log, int bytes) {
        byte[] text = new byte[bytes];
        log.get(0, text, 0, bytes);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        String[] lines =
                new String(text, 0, end, StandardCharsets.UTF_8).strip().split("\n");
        String last = String.join(" / ", Arrays.copyOfRange(lines, Math.max(0, lines.length - 4), lines.length));
        return last.isEmpty() ? "" : "; the verifier says: " + last;
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() {
        FileCalls.LIBC.close(fd);
    }
}
