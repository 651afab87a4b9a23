package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.SystemCall;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** The commands of bpf(2) that are not left to libbpf. Numbers and layouts are those of {@code union bpf_attr} in {@code <linux/bpf.h>}. */
public final class Bpf {

    /** enum bpf_attach_type, Linux 6.6; Debian 12's headers do not have it yet. */
    public static final int UPROBE_MULTI = 48;
    /** enum bpf_map_type. */
    public static final int ARRAY = 2;

    public static final int RING_BUFFER = 27;

    private static final int SYS_BPF = 321;
    private static final int MAP_CREATE = 0;
    private static final int MAP_LOOKUP_ELEM = 1;
    private static final int PROG_LOAD = 5;
    private static final int OBJ_GET_INFO_BY_FD = 15;
    private static final int LINK_CREATE = 28;
    private static final int LINK_GET_FD_BY_ID = 30;
    /** {@code struct bpf_link_info}: its type, its id, and more. */
    private static final int LINK_INFO_BYTES = 128;

    private static final int PROG_TYPE_KPROBE = 2;

    private static final String LICENSE = "Dual BSD/GPL";
    private static final int NAME_BYTES = 16;
    /** What it has beyond what is meant must be 0, and then does not matter. */
    private static final int ATTRIBUTES_BYTES = 128;

    private Bpf() {}

    /**
     * Loads a program for uprobes.
     *
     * @param name what {@code bpftool} calls it; ASCII
     * @param code from {@link BpfCode#assemble()}
     * @param attachType how it is to be attached: {@link #UPROBE_MULTI}, or 0
     * @param log for what the verifier says; null if that does not matter
     * @return its descriptor, or a negative error number
     */
    public static int load(String name, byte[] code, int attachType, @Nullable Pointer log) {
        Pointer instructions = allocate(code.length);
        instructions.put(0, code, 0, code.length);
        Pointer license = text(LICENSE);
        // prog_type, insn_cnt, insns, license, log_level, log_size, log_buf, kern_version, prog_flags, prog_name,
        // prog_ifindex,
        // expected_attach_type.
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, PROG_TYPE_KPROBE);
        attributes.putInt(4, code.length / Long.BYTES);
        attributes.putAddress(8, instructions.address());
        attributes.putAddress(16, license.address());
        if (log != null) {
            attributes.putInt(24, 1);
            attributes.putInt(28, (int) log.size());
            attributes.putAddress(32, log.address());
        }
        name(attributes, 48, name);
        attributes.putInt(68, attachType);
        try {
            return call(PROG_LOAD, attributes);
        } finally {
            Reference.reachabilityFence(instructions);
            Reference.reachabilityFence(license);
        }
    }

    /** Creates a map of a type such as {@link #ARRAY}; returns its descriptor, or a negative error number. */
    public static int createMap(String name, int type, int keyBytes, int valueBytes, int entries) {
        // map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node, map_name.
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, type);
        attributes.putInt(4, keyBytes);
        attributes.putInt(8, valueBytes);
        attributes.putInt(12, entries);
        name(attributes, 28, name);
        return call(MAP_CREATE, attributes);
    }

    /** The first element of an array of numbers of 8 bytes; -1 if it cannot be read. */
    public static long firstOf(int array) {
        Pointer key = allocate(Integer.BYTES);
        Pointer value = allocate(Long.BYTES);
        // map_fd, key, value.
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, array);
        attributes.putAddress(8, key.address());
        attributes.putAddress(16, value.address());
        try {
            return call(MAP_LOOKUP_ELEM, attributes) == 0 ? value.getLong(0) : -1;
        } finally {
            Reference.reachabilityFence(key);
        }
    }

    /**
     * Attaches a program to many sites by one link (Linux 6.6).
     *
     * @param pid the process whose hits count; 0 for all
     * @return the link's descriptor, or a negative error number
     */
    public static int attachUprobes(int program, int pid, String path, Uprobes.UprobeSite... sites) {
        Pointer file = text(path);
        Pointer offsets = allocate(sites.length * Long.BYTES);
        Pointer cookies = allocate(sites.length * Long.BYTES);
        for (int i = 0; i < sites.length; i++) {
            offsets.putLong((long) i * Long.BYTES, sites[i].fileOffset());
            cookies.putLong((long) i * Long.BYTES, sites[i].cookie());
        }
        // prog_fd, target_fd, attach_type, flags, then uprobe_multi: path, offsets, ref_ctr_offsets, cookies, cnt,
        // flags, pid.
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, program);
        attributes.putInt(8, UPROBE_MULTI);
        attributes.putAddress(16, file.address());
        attributes.putAddress(24, offsets.address());
        attributes.putAddress(40, cookies.address());
        attributes.putInt(48, sites.length);
        attributes.putInt(56, pid);
        try {
            return call(LINK_CREATE, attributes);
        } finally {
            Reference.reachabilityFence(file);
            Reference.reachabilityFence(offsets);
            Reference.reachabilityFence(cookies);
        }
    }

    /** The kernel's number of a link; negative if it does not say. */
    static int linkId(int link) {
        Pointer info = allocate(LINK_INFO_BYTES);
        // bpf_fd, info_len, info.
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, link);
        attributes.putInt(4, LINK_INFO_BYTES);
        attributes.putAddress(8, info.address());
        try {
            int error = call(OBJ_GET_INFO_BY_FD, attributes);
            return error < 0 ? error : info.getInt(4);
        } finally {
            Reference.reachabilityFence(info);
        }
    }

    /** A descriptor of a link; a negative error number if there is none of that number, or this user may not ask (CAP_SYS_ADMIN). */
    static int linkOf(int id) {
        Pointer attributes = allocate(ATTRIBUTES_BYTES);
        attributes.putInt(0, id);
        return call(LINK_GET_FD_BY_ID, attributes);
    }

    private static int call(int command, Pointer attributes) {
        try {
            int result = (int) SystemCall.LIBC.syscall(SYS_BPF, command, attributes.address(), ATTRIBUTES_BYTES, 0);
            return result < 0 ? -Errno.last() : result;
        } finally {
            Reference.reachabilityFence(attributes);
        }
    }

    private static void name(Pointer attributes, long at, String name) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        attributes.put(at, ascii, 0, Math.min(ascii.length, NAME_BYTES - 1));
    }

    private static Pointer text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Pointer memory = allocate(bytes.length + 1);
        memory.put(0, bytes, 0, bytes.length);
        return memory;
    }

    private static Pointer allocate(int bytes) {
        return Memory.allocateDirect(Runtime.getSystemRuntime(), Math.max(Long.BYTES, bytes), true);
    }
}
