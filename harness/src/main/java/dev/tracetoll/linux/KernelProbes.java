package dev.tracetoll.linux;

import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jnr.ffi.LastError;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Tries what tracing needs, on nothing but this process and a child of its own. Numbers are those of x86-64, from the kernel's
 * {@code asm/unistd_64.h}, {@code linux/bpf.h}, {@code linux/perf_event.h} and {@code linux/ptrace.h}.
 */
final class KernelProbes {

    private static final int SYS_PERF_EVENT_OPEN = 298;
    private static final int SYS_BPF = 321;

    private static final int BPF_MAP_CREATE = 0;
    private static final int BPF_MAP_LOOKUP_ELEM = 1;
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_LINK_CREATE = 28;
    private static final int BPF_PROG_TYPE_KPROBE = 2;
    private static final int BPF_MAP_TYPE_ARRAY = 2;
    private static final int BPF_MAP_TYPE_RINGBUF = 27;
    private static final int BPF_TRACE_UPROBE_MULTI = 48;
    private static final int BPF_ATTR_SIZE = 128;
    /** {@code r0 = 0}. */
    private static final long BPF_RETURN_ZERO = 0xb7L;
    private static final long BPF_EXIT = 0x95L;
    /** {@code call bpf_probe_write_user}, helper 36. */
    private static final long BPF_CALL_PROBE_WRITE_USER = 36L << 32 | 0x85L;

    private static final int PERF_TYPE_TRACEPOINT = 2;
    private static final int PERF_ATTR_SIZE = 112;
    private static final int PERF_FLAG_FD_CLOEXEC = 8;

    private static final int PTRACE_SEIZE = 0x4206;
    private static final int PTRACE_INTERRUPT = 0x4207;
    private static final int PTRACE_O_EXITKILL = 1 << 20;
    private static final int WALL = 0x40000000;
    private static final int SIGKILL = 9;

    private static final int EPERM = 1;
    private static final int EINTR = 4;
    private static final int EBADF = 9;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;

    private static final int SC_PAGESIZE = 30;
    private static final int CURRENT_THREAD = 0;
    private static final int ANY = -1;

    private static final Path UPROBE_TYPE = Path.of("/sys/bus/event_source/devices/uprobe/type");
    private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
    /** {@code BTF_MAGIC} of {@code <linux/btf.h>}. */
    private static final short BTF_MAGIC = (short) 0xeb9f;
    private static final String BTF_REMEDY = "boot a kernel built with CONFIG_DEBUG_INFO_BTF; in a container, mount the host's /sys/kernel/btf";
    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");
    private static final List<Path> TRACEFS = List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
    private static final String UPROBED = "gnu_get_libc_version";

    private static final KernelVersion UPROBE_MULTI = new KernelVersion(6, 6);
    private static final KernelVersion RING_BUFFER = new KernelVersion(5, 8);


    Feature ptrace() {
        FeatureCalls libc = FeatureCalls.LIBC;
        int child;
        try {
            // Long enough to be seized, short enough to be no burden if this process dies before it is.
            child = spawn("/bin/sleep", "5");
        } catch (OperationFailed e) {
            return Feature.fails("ptrace", e.getMessage(), "install coreutils");
        }
        try {
            if (libc.ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_EXITKILL) != 0) {
                int errno = errno();
                return Feature.fails("ptrace", "PTRACE_SEIZE of a child: " + why(errno), ptraceRemedy());
            }
            if (libc.ptrace(PTRACE_INTERRUPT, child, 0, 0) != 0 || !stops(child)) {
                return Feature.fails("ptrace", "a seized child could not be stopped", ptraceRemedy());
            }
            return Feature.works("ptrace", "seized and stopped a child");
        } finally {
            libc.kill(child, SIGKILL);
            while (stops(child)) {
                Thread.onSpinWait();
            }
        }
    }

    Feature bpf() {
        return withProgram(0, program -> Feature.works("BPF", "loaded a program of two instructions"),
                errno -> Feature.fails("BPF", "bpf(BPF_PROG_LOAD): " + bpfReason(errno), bpfRemedy(errno)));
    }

    Feature ringBuffer() {
        int map = createMap(BPF_MAP_TYPE_RINGBUF, 0, 0, (int) FeatureCalls.LIBC.sysconf(SC_PAGESIZE));
        if (map < 0) {
            int errno = errno();
            KernelVersion kernel = KernelVersion.running();
            return kernel.isAtLeast(RING_BUFFER)
                    ? Feature.fails("ring buffer", "bpf(BPF_MAP_CREATE): " + bpfReason(errno), bpfRemedy(errno))
                    : Feature.needsKernel("ring buffer", RING_BUFFER, kernel);
        }
        FeatureCalls.LIBC.close(map);
        return Feature.works("ring buffer", "created one of one page");
    }

    /** Tries the way that tracing takes with this kernel: the other one may ask for more. */
    Feature uprobe(Uprobes.Mode mode) {
        Optional<Mapping> libc = mappingOf(FeatureCalls.LIBC.dlsym(0, UPROBED));
        if (libc.isEmpty()) {
            return Feature.fails("uprobes", UPROBED + " was not found in this process's C library", "use glibc 2.34 or later");
        }
        return mode == Uprobes.Mode.MULTI ? uprobeByLink(libc.get()) : uprobeByEvent(libc.get());
    }

    /** A program that counts, attached by a link. */
    private static Feature uprobeByLink(Mapping libc) {
        int map = createMap(BPF_MAP_TYPE_ARRAY, Integer.BYTES, Long.BYTES, 1);
        if (map < 0) {
            int errno = errno();
            return Feature.fails("uprobes", "bpf(BPF_MAP_CREATE): " + bpfReason(errno), bpfRemedy(errno));
        }
        try (BpfProgram program = BpfProgram.load("tracetoll_probe", counting(map)); Uprobes uprobes = new Uprobes(Uprobes.Mode.MULTI)) {
            uprobes.attach(program, (int) ProcessHandle.current().pid(), Path.of(libc.file()), new Uprobes.Site[] {new Uprobes.Site(libc.offset(), 0)});
            FeatureCalls.LIBC.gnu_get_libc_version();
            return counted(readMap(map));
        } catch (MachineCannot | OperationFailed e) {
            return Feature.fails("uprobes", e.getMessage() + missingCapabilities(Capability.BPF, Capability.PERFMON),
                    Capability.remedy(Capability.BPF, Capability.PERFMON));
        } finally {
            FeatureCalls.LIBC.close(map);
        }
    }

    private static byte[] counting(int map) {
        BpfCode code = new BpfCode();
        code.loadMapValue(BpfCode.Register.R1, map, 0);
        code.move(BpfCode.Register.R2, 1);
        code.atomicAdd(BpfCode.Register.R1, 0, BpfCode.Register.R2);
        code.move(BpfCode.Register.R0, 0);
        code.exit();
        return code.assemble();
    }

    private static Feature uprobeByEvent(Mapping libc) {
        if (!Files.isReadable(UPROBE_TYPE)) {
            return Feature.fails("uprobes", UPROBE_TYPE + " is missing", "boot a kernel built with CONFIG_UPROBE_EVENTS");
        }
        Pointer path = string(libc.file());
        Pointer attributes = zeroed(PERF_ATTR_SIZE);
        attributes.putInt(0, readNumber(UPROBE_TYPE));
        attributes.putInt(4, PERF_ATTR_SIZE);
        attributes.putLong(56, path.address());
        attributes.putLong(64, libc.offset());
        int event = perfEventOpen(attributes);
        Reference.reachabilityFence(path);
        if (event < 0) {
            int errno = errno();
            // Kernels differ in which of the two they ask for.
            Capability needed = Capability.inEffect().contains(Capability.PERFMON) ? Capability.SYS_ADMIN : Capability.PERFMON;
            return Feature.fails("uprobes", "perf_event_open of a uprobe: " + why(errno) + missingCapabilities(needed), Capability.remedy(needed));
        }
        try {
            FeatureCalls.LIBC.gnu_get_libc_version();
            return counted(readCounter(event));
        } finally {
            FeatureCalls.LIBC.close(event);
        }
    }

    private static Feature counted(long hits) {
        return hits == 1
                ? Feature.works("uprobes", "attached one to " + UPROBED + ", was hit, detached")
                : Feature.fails("uprobes", "a probe on " + UPROBED + " saw " + hits + " hits of one call",
                        "look for another tracer at work, and into the kernel's log");
    }

    /** Asks for a probe in a directory, as libbpf does: a kernel that knows the link says EBADF, and nothing is attached. */
    Feature uprobeMulti(KernelVersion kernel) {
        return withProgram(BPF_TRACE_UPROBE_MULTI, program -> {
            Pointer directory = string("/");
            Pointer offsets = zeroed(Long.BYTES);
            Pointer attributes = zeroed(BPF_ATTR_SIZE);
            attributes.putInt(0, program);
            attributes.putInt(8, BPF_TRACE_UPROBE_MULTI);
            attributes.putLong(16, directory.address());
            attributes.putLong(24, offsets.address());
            attributes.putInt(48, 1);
            int link = (int) FeatureCalls.LIBC.syscall(SYS_BPF, BPF_LINK_CREATE, attributes, BPF_ATTR_SIZE);
            int errno = link < 0 ? errno() : 0;
            Reference.reachabilityFence(List.of(directory, offsets));
            if (link >= 0) {
                FeatureCalls.LIBC.close(link);
            }
            return errno == EBADF
                    ? Feature.works("uprobe_multi", "the kernel knows the link type")
                    : Feature.needsKernel("uprobe_multi", UPROBE_MULTI, kernel);
        }, errno -> errno == EINVAL
                ? Feature.needsKernel("uprobe_multi", UPROBE_MULTI, kernel)
                : Feature.fails("uprobe_multi", "bpf(BPF_PROG_LOAD): " + bpfReason(errno), bpfRemedy(errno)));
    }

    Feature tracepoints() {
        for (Path tracefs : TRACEFS) {
            Path id = tracefs.resolve("events/sched/sched_switch/id");
            if (Files.isReadable(id)) {
                Pointer attributes = zeroed(PERF_ATTR_SIZE);
                attributes.putInt(0, PERF_TYPE_TRACEPOINT);
                attributes.putInt(4, PERF_ATTR_SIZE);
                attributes.putLong(8, readNumber(id));
                int event = perfEventOpen(attributes);
                if (event < 0) {
                    int errno = errno();
                    return Feature.fails("tracepoints", "perf_event_open of sched_switch: " + why(errno)
                            + missingCapabilities(Capability.PERFMON), Capability.remedy(Capability.PERFMON));
                }
                FeatureCalls.LIBC.close(event);
                return Feature.works("tracepoints", "opened sched_switch; tracefs is at " + tracefs);
            }
        }
        return Feature.fails("tracepoints", "no readable tracefs at " + TRACEFS.get(0) + " or " + TRACEFS.get(1),
                "run as root; if it is not mounted: mount -t tracefs tracefs " + TRACEFS.get(0));
    }

    static Feature btf() {
        return btf(BTF);
    }

    /** Not only whether the file is there: a container may have put an empty one in its place. */
    static Feature btf(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(Short.BYTES);
            return magic.length == Short.BYTES && ByteBuffer.wrap(magic).order(ByteOrder.nativeOrder()).getShort() == BTF_MAGIC
                    ? Feature.works("BTF", file.toString())
                    : Feature.fails("BTF", file + (magic.length == 0 ? " is empty" : " is no type information"), BTF_REMEDY);
        } catch (IOException e) {
            return Feature.fails("BTF", file + (Files.exists(file) ? " is not readable" : " is missing"), BTF_REMEDY);
        }
    }

    /** The call has no valid arguments: the verifier refuses it with EACCES where the helper may be used at all. */
    Feature probeWrite() {
        Feature bpf = bpf();
        if (!bpf.available()) {
            return Feature.fails("writes from BPF", "whether BPF programs may write to user memory cannot be tried without BPF",
                    bpf.remedy());
        }
        int program = load(new long[] {BPF_CALL_PROBE_WRITE_USER, BPF_RETURN_ZERO, BPF_EXIT}, 0);
        int errno = program < 0 ? errno() : 0;
        if (program >= 0) {
            FeatureCalls.LIBC.close(program);
        }
        return errno == EACCES
                ? Feature.works("writes from BPF", "BPF programs may write to user memory")
                : Feature.fails("writes from BPF", "BPF programs may not write to user memory (bpf_probe_write_user is refused, as"
                        + " under lockdown=integrity)", "boot without lockdown");
    }

    private interface OnProgram {
        Feature apply(int program);
    }

    private interface OnFailure {
        Feature apply(int errno);
    }

    private static Feature withProgram(int expectedAttachType, OnProgram then, OnFailure otherwise) {
        int program = load(new long[] {BPF_RETURN_ZERO, BPF_EXIT}, expectedAttachType);
        if (program < 0) {
            return otherwise.apply(errno());
        }
        try {
            return then.apply(program);
        } finally {
            FeatureCalls.LIBC.close(program);
        }
    }

    private static int load(long[] instructions, int expectedAttachType) {
        Pointer code = zeroed(instructions.length * Long.BYTES);
        code.put(0, instructions, 0, instructions.length);
        Pointer license = string("Dual BSD/GPL");
        Pointer attributes = zeroed(BPF_ATTR_SIZE);
        attributes.putInt(0, BPF_PROG_TYPE_KPROBE);
        attributes.putInt(4, instructions.length);
        attributes.putLong(8, code.address());
        attributes.putLong(16, license.address());
        putName(attributes, 48);
        attributes.putInt(68, expectedAttachType);
        int program = (int) FeatureCalls.LIBC.syscall(SYS_BPF, BPF_PROG_LOAD, attributes, BPF_ATTR_SIZE);
        Reference.reachabilityFence(List.of(code, license));
        return program;
    }

    private static int createMap(int type, int keyBytes, int valueBytes, int entries) {
        Pointer attributes = zeroed(BPF_ATTR_SIZE);
        attributes.putInt(0, type);
        attributes.putInt(4, keyBytes);
        attributes.putInt(8, valueBytes);
        attributes.putInt(12, entries);
        putName(attributes, 28);
        return (int) FeatureCalls.LIBC.syscall(SYS_BPF, BPF_MAP_CREATE, attributes, BPF_ATTR_SIZE);
    }

    /** The only element of an array of numbers. */
    private static long readMap(int map) {
        Pointer key = zeroed(Integer.BYTES);
        Pointer value = zeroed(Long.BYTES);
        Pointer attributes = zeroed(BPF_ATTR_SIZE);
        attributes.putInt(0, map);
        attributes.putLong(8, key.address());
        attributes.putLong(16, value.address());
        long result = FeatureCalls.LIBC.syscall(SYS_BPF, BPF_MAP_LOOKUP_ELEM, attributes, BPF_ATTR_SIZE);
        Reference.reachabilityFence(key);
        return result == 0 ? value.getLong(0) : -1;
    }

    private static int perfEventOpen(Pointer attributes) {
        return (int) FeatureCalls.LIBC.syscall(
                SYS_PERF_EVENT_OPEN, attributes, CURRENT_THREAD, ANY, ANY, PERF_FLAG_FD_CLOEXEC);
    }

    private static int spawn(String program, String argument) {
        Pointer name = string(program);
        Pointer parameter = string(argument);
        Pointer arguments = zeroed(3 * Long.BYTES);
        arguments.putAddress(0, name.address());
        arguments.putAddress(Long.BYTES, parameter.address());
        Pointer environment = zeroed(Long.BYTES);
        Pointer pid = zeroed(Integer.BYTES);
        int errno = FeatureCalls.LIBC.posix_spawn(pid, program, null, null, arguments, environment);
        Reference.reachabilityFence(List.of(name, parameter));
        if (errno != 0) {
            throw new OperationFailed("cannot start " + program + ": " + why(errno));
        }
        return pid.getInt(0);
    }

    /** Waits for the child's next change; whether it stopped, as opposed to having ended now or before. */
    private static boolean stops(int child) {
        Pointer status = zeroed(Integer.BYTES);
        int changed;
        do {
            changed = FeatureCalls.LIBC.waitpid(child, status, WALL);
        } while (changed < 0 && errno() == EINTR);
        return changed == child && (status.getInt(0) & 0xff) == 0x7f;
    }

    private static long readCounter(int event) {
        Pointer counter = zeroed(Long.BYTES);
        return FeatureCalls.LIBC.read(event, counter, Long.BYTES) == Long.BYTES ? counter.getLong(0) : -1;
    }

    /** Where a piece of this process's code comes from. */
    private record Mapping(String file, long offset) {
    }

    private static Optional<Mapping> mappingOf(long address) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = line.split("\\s+", 6);
                String[] range = fields[0].split("-");
                long start = Long.parseUnsignedLong(range[0], 16);
                long end = Long.parseUnsignedLong(range[1], 16);
                if (Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0 && fields.length == 6) {
                    return Optional.of(new Mapping(fields[5], address - start + Long.parseLong(fields[2], 16)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int readNumber(Path file) {
        try {
            return Integer.parseInt(Files.readString(file).strip());
        } catch (IOException e) {
            throw new OperationFailed("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String bpfReason(int errno) {
        return switch (errno) {
            case ENOSYS -> "this kernel was built without CONFIG_BPF_SYSCALL, or a seccomp filter hides it";
            default -> why(errno) + missingCapabilities(Capability.BPF, Capability.PERFMON);
        };
    }

    private static String bpfRemedy(int errno) {
        return errno == ENOSYS ? "boot a kernel with BPF; in a container, start it privileged"
                : Capability.remedy(Capability.BPF, Capability.PERFMON);
    }

    /** Names what is missing; CAP_SYS_ADMIN stands for both others. */
    private static String missingCapabilities(Capability... needed) {
        Set<Capability> present = Capability.inEffect();
        if (present.contains(Capability.SYS_ADMIN)) {
            return "";
        }
        List<Capability> missing = new ArrayList<>(List.of(needed));
        missing.removeAll(present);
        return missing.isEmpty() ? "" : " (this process lacks "
                + missing.stream().map(Capability::toString).collect(Collectors.joining(" and ")) + ")";
    }

    private static String ptraceRemedy() {
        return Files.isReadable(YAMA) && readNumber(YAMA) == 3
                ? "ptrace is switched off until the next boot: kernel.yama.ptrace_scope is 3"
                : "allow ptrace: run as root; in a container, add the capability SYS_PTRACE or a seccomp profile that permits it";
    }

    private static String why(int errno) {
        String name = switch (errno) {
            case EPERM -> " (EPERM)";
            case EACCES -> " (EACCES)";
            case EINVAL -> " (EINVAL)";
            case ENOSYS -> " (ENOSYS)";
            default -> " (errno " + errno + ")";
        };
        return FeatureCalls.LIBC.strerror(errno) + name;
    }

    private static int errno() {
        return LastError.getLastError(runtime());
    }

    private static Runtime runtime() {
        return Runtime.getRuntime(FeatureCalls.LIBC);
    }

    private static Pointer zeroed(int size) {
        return Memory.allocateDirect(runtime(), size, true);
    }

    private static Pointer string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Pointer memory = zeroed(bytes.length + 1);
        memory.put(0, bytes, 0, bytes.length);
        return memory;
    }

    /** How {@code bpftool} would list it, were it ever seen. */
    private static void putName(Pointer attributes, long offset) {
        byte[] name = "tracetoll_probe".getBytes(StandardCharsets.US_ASCII);
        attributes.put(offset, name, 0, name.length);
    }
}
