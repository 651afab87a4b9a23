package dev.tracetoll.linux.features;

import dev.tracetoll.linux.bpf.Bpf;
import dev.tracetoll.linux.bpf.BpfCode;
import dev.tracetoll.linux.bpf.BpfProgram;
import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.linux.libc.Libc;
import dev.tracetoll.linux.libc.SystemCall;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.WaitStatus;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Tries what tracing needs, on nothing but this process and a child of its own. Numbers are those of x86-64, from the kernel's
 * {@code asm/unistd_64.h}, {@code linux/bpf.h}, {@code linux/perf_event.h} and {@code linux/ptrace.h}.
 */
final class KernelProbes {

    /** What is tried here, as {@code bpftool} would list it, were it ever seen. */
    private static final String NAME = "tracetoll_probe";

    private static final int SYS_PERF_EVENT_OPEN = 298;
    private static final int PERF_TYPE_TRACEPOINT = 2;
    private static final int PERF_ATTR_SIZE = 112;
    private static final int PERF_FLAG_FD_CLOEXEC = 8;
    private static final int CURRENT_THREAD = 0;
    private static final int ANY = -1;

    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final long BETWEEN_LOOKS_NS = 50_000;

    private static final Path UPROBE_TYPE = Path.of("/sys/bus/event_source/devices/uprobe/type");
    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");
    private static final List<Path> TRACEFS =
            List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
    private static final String UPROBED = "gnu_get_libc_version";

    /** What is probed to see whether probes work. */
    public interface Probed {

        Probed LIBC = Libc.bind(Probed.class);

        long dlsym(long handle, String symbol);

        /** A call that nothing else in this process makes. */
        Pointer gnu_get_libc_version();
    }

    private static final KernelVersion UPROBE_MULTI = new KernelVersion(6, 6);
    private static final KernelVersion RING_BUFFER = new KernelVersion(5, 8);

    /** As tracing begins: with a child that waits to execute its program, which it never does. */
    Feature ptrace() {
        try (ChildProcess child = ChildProcess.spawn(new Launch(
                Path.of("/bin/sh"), List.of(), Map.of(), Redirect.NULL, Redirect.NULL, Redirect.NULL, true))) {
            Ptrace ptrace = new Ptrace();
            if (ptrace.seize(child.pid(), Ptrace.EXIT_KILL) != Ptrace.Seizure.SEIZED) {
                return Feature.fails("ptrace", "PTRACE_SEIZE of a child: " + why(Errno.last()), ptraceRemedy());
            }
            if (!ptrace.interrupt(child.pid()) || !stops(ptrace, child.pid())) {
                return Feature.fails("ptrace", "a seized child could not be stopped", ptraceRemedy());
            }
            return Feature.works("ptrace", "seized and stopped a child");
        } catch (Problem e) {
            return Feature.fails("ptrace", e.getMessage(), ptraceRemedy());
        }
    }

    /** Looks at the child alone: a wait for any would take away what others wait for. */
    private static boolean stops(Ptrace ptrace, int child) {
        Deadline deadline = Deadline.in(STOPPING);
        while (!ptrace.look(child)) {
            if (deadline.isOver()) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        }
        return WaitStatus.isStop(ptrace.status());
    }

    Feature bpf() {
        return withProgram(
                0,
                program -> Feature.works("BPF", "loaded a program of two instructions"),
                errno -> Feature.fails("BPF", "bpf(BPF_PROG_LOAD): " + bpfReason(errno), bpfRemedy(errno)));
    }

    Feature ringBuffer() {
        int map = Bpf.createMap(NAME, Bpf.RING_BUFFER, 0, 0, MappedMemory.pageSize());
        if (map < 0) {
            KernelVersion kernel = KernelVersion.running();
            return kernel.isAtLeast(RING_BUFFER)
                    ? Feature.fails("ring buffer", "bpf(BPF_MAP_CREATE): " + bpfReason(-map), bpfRemedy(-map))
                    : Feature.needsKernel("ring buffer", RING_BUFFER, kernel);
        }
        FileCalls.LIBC.close(map);
        return Feature.works("ring buffer", "created one of one page");
    }

    /** Tries the way that tracing takes with this kernel: the other one may ask for more. */
    Feature uprobe(Uprobes.Mode mode) {
        Optional<Mapping> libc = mappingOf(Probed.LIBC.dlsym(0, UPROBED));
        if (libc.isEmpty()) {
            return Feature.fails(
                    "uprobes", UPROBED + " was not found in this process's C library", "use glibc 2.34 or later");
        }
        return mode == Uprobes.Mode.MULTI ? uprobeByLink(libc.get()) : uprobeByEvent(libc.get());
    }

    /** A program that counts, attached by a link. */
    private static Feature uprobeByLink(Mapping libc) {
        int map = Bpf.createMap(NAME, Bpf.ARRAY, Integer.BYTES, Long.BYTES, 1);
        if (map < 0) {
            return Feature.fails("uprobes", "bpf(BPF_MAP_CREATE): " + bpfReason(-map), bpfRemedy(-map));
        }
        try (BpfProgram program = BpfProgram.load(NAME, counting(map));
                Uprobes uprobes = new Uprobes(Uprobes.Mode.MULTI)) {
            uprobes.attach(
                    program, (int) ProcessHandle.current().pid(), Path.of(libc.file()), new Uprobes.UprobeSite[] {
                        new Uprobes.UprobeSite(libc.offset(), 0)
                    });
            Probed.LIBC.gnu_get_libc_version();
            return counted(Bpf.firstOf(map));
        } catch (MachineCannot | OperationFailed e) {
            return Feature.fails(
                    "uprobes",
                    e.getMessage() + missingCapabilities(Capability.BPF, Capability.PERFMON),
                    Capability.remedy(Capability.BPF, Capability.PERFMON));
        } finally {
            FileCalls.LIBC.close(map);
        }
    }

    private static byte[] counting(int map) {
        BpfCode code = new BpfCode();
        code.loadMapValue(BpfCode.Register.R1, map, 0);
        code.move(BpfCode.Register.R2, 1);
        code.atomicAdd(BpfCode.Register.R1, 0, BpfCode.Register.R2);
        return returning(code);
    }

    private static Feature uprobeByEvent(Mapping libc) {
        if (!Files.isReadable(UPROBE_TYPE)) {
            return Feature.fails(
                    "uprobes", UPROBE_TYPE + " is missing", "boot a kernel built with CONFIG_UPROBE_EVENTS");
        }
        Pointer path = string(libc.file());
        Pointer attributes = zeroed(PERF_ATTR_SIZE);
        attributes.putInt(0, readNumber(UPROBE_TYPE));
        attributes.putInt(4, PERF_ATTR_SIZE);
        attributes.putLong(56, path.address());
        attributes.putLong(64, libc.offset());
        int event;
        try {
            event = perfEventOpen(attributes);
        } finally {
            Reference.reachabilityFence(path);
        }
        if (event < 0) {
            int errno = Errno.last();
            // Kernels differ in which of the two they ask for.
            Capability needed =
                    Capability.inEffect().contains(Capability.PERFMON) ? Capability.SYS_ADMIN : Capability.PERFMON;
            return Feature.fails(
                    "uprobes",
                    "perf_event_open of a uprobe: " + why(errno) + missingCapabilities(needed),
                    Capability.remedy(needed));
        }
        try {
            Probed.LIBC.gnu_get_libc_version();
            return counted(readCounter(event));
        } finally {
            FileCalls.LIBC.close(event);
        }
    }

    private static Feature counted(long hits) {
        return hits == 1
                ? Feature.works("uprobes", "attached one to " + UPROBED + ", was hit, detached")
                : Feature.fails(
                        "uprobes",
                        "a probe on " + UPROBED + " saw " + hits + " hits of one call",
                        "look for another tracer at work, and into the kernel's log");
    }

    /** Asks for a probe in a directory, as libbpf does: a kernel that knows the link says EBADF, and nothing is attached. */
    Feature uprobeMulti(KernelVersion kernel) {
        return withProgram(
                Bpf.UPROBE_MULTI,
                program -> {
                    int link = Bpf.attachUprobes(program, 0, "/", new Uprobes.UprobeSite(0, 0));
                    if (link >= 0) {
                        FileCalls.LIBC.close(link);
                    }
                    return link == -Errno.EBADF
                            ? Feature.works("uprobe_multi", "the kernel knows the link type")
                            : Feature.needsKernel("uprobe_multi", UPROBE_MULTI, kernel);
                },
                errno -> errno == Errno.EINVAL
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
                    int errno = Errno.last();
                    return Feature.fails(
                            "tracepoints",
                            "perf_event_open of sched_switch: " + why(errno) + missingCapabilities(Capability.PERFMON),
                            Capability.remedy(Capability.PERFMON));
                }
                FileCalls.LIBC.close(event);
                return Feature.works("tracepoints", "opened sched_switch; tracefs is at " + tracefs);
            }
        }
        return Feature.fails(
                "tracepoints",
                "no readable tracefs at " + TRACEFS.get(0) + " or " + TRACEFS.get(1),
                "run as root; if it is not mounted: mount -t tracefs tracefs " + TRACEFS.get(0));
    }

    /** The call has no valid arguments: the verifier refuses it with EACCES where the helper may be used at all. */
    Feature probeWrite() {
        Feature bpf = bpf();
        if (!bpf.available()) {
            return Feature.fails(
                    "writes from BPF",
                    "whether BPF programs may write to user memory cannot be tried without BPF",
                    bpf.remedy());
        }
        BpfCode code = new BpfCode();
        code.call(BpfCode.Helper.PROBE_WRITE_USER);
        int program = Bpf.load(NAME, returning(code), 0, null);
        if (program >= 0) {
            FileCalls.LIBC.close(program);
        }
        return program == -Errno.EACCES
                ? Feature.works("writes from BPF", "BPF programs may write to user memory")
                : Feature.fails(
                        "writes from BPF",
                        "BPF programs may not write to user memory (bpf_probe_write_user is refused, as"
                                + " under lockdown=integrity)",
                        "boot without lockdown");
    }

    private interface OnProgram {
        Feature apply(int program);
    }

    private interface OnFailure {
        Feature apply(int errno);
    }

    private static Feature withProgram(int attachType, OnProgram then, OnFailure otherwise) {
        int program = Bpf.load(NAME, returning(new BpfCode()), attachType, null);
        if (program < 0) {
            return otherwise.apply(-program);
        }
        try {
            return then.apply(program);
        } finally {
            FileCalls.LIBC.close(program);
        }
    }

    /** A program that ends with a 0. */
    private static byte[] returning(BpfCode code) {
        code.move(BpfCode.Register.R0, 0);
        code.exit();
        return code.assemble();
    }

    private static int perfEventOpen(Pointer attributes) {
        return (int) SystemCall.LIBC.syscall(
                SYS_PERF_EVENT_OPEN, attributes, CURRENT_THREAD, ANY, ANY, PERF_FLAG_FD_CLOEXEC);
    }

    private static long readCounter(int event) {
        byte[] counter = new byte[Long.BYTES];
        return FileCalls.LIBC.read(event, counter, counter.length) == counter.length
                ? ByteBuffer.wrap(counter).order(ByteOrder.nativeOrder()).getLong()
                : -1;
    }

    /** Where a piece of this process's code comes from. */
    private record Mapping(String file, long offset) {}

    private static Optional<Mapping> mappingOf(long address) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = line.split("\\s+", 6);
                String[] range = fields[0].split("-");
                long start = Long.parseUnsignedLong(range[0], 16);
                long end = Long.parseUnsignedLong(range[1], 16);
                if (Long.compareUnsigned(address, start) >= 0
                        && Long.compareUnsigned(address, end) < 0
                        && fields.length == 6) {
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
            case Errno.ENOSYS -> "this kernel was built without CONFIG_BPF_SYSCALL, or a seccomp filter hides it";
            default -> why(errno) + missingCapabilities(Capability.BPF, Capability.PERFMON);
        };
    }

    private static String bpfRemedy(int errno) {
        return errno == Errno.ENOSYS
                ? "boot a kernel with BPF; in a container, start it privileged"
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
        return missing.isEmpty()
                ? ""
                : " (this process lacks "
                        + missing.stream().map(Capability::toString).collect(Collectors.joining(" and ")) + ")";
    }

    private static String ptraceRemedy() {
        return Files.isReadable(YAMA) && readNumber(YAMA) == 3
                ? "ptrace is switched off until the next boot: kernel.yama.ptrace_scope is 3"
                : "allow ptrace: run as root; in a container, add the capability SYS_PTRACE or a seccomp profile that permits it";
    }

    private static String why(int errno) {
        String name =
                switch (errno) {
                    case Errno.EPERM -> " (EPERM)";
                    case Errno.EACCES -> " (EACCES)";
                    case Errno.EINVAL -> " (EINVAL)";
                    case Errno.ENOSYS -> " (ENOSYS)";
                    default -> " (errno " + errno + ")";
                };
        return Errno.describe(errno) + name;
    }

    private static Pointer zeroed(int size) {
        return Memory.allocateDirect(Runtime.getSystemRuntime(), size, true);
    }

    private static Pointer string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Pointer memory = zeroed(bytes.length + 1);
        memory.put(0, bytes, 0, bytes.length);
        return memory;
    }
}
