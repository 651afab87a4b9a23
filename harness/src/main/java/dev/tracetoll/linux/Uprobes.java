package dev.tracetoll.linux;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** BPF programs attached to instructions of a file; detached when closed. Not thread-safe. */
public final class Uprobes implements AutoCloseable {

    /** Where to attach: {@code fileOffset} of the instruction, and the cookie that the program sees there. */
    public record Site(long fileOffset, long cookie) {}

    /** How the kernel attaches. */
    public enum Mode {
        /** All sites of a program by one link (Linux 6.6; its process filter covers all threads since 6.10). */
        MULTI,
        /** A perf event for each site. */
        ONE_BY_ONE
    }

    /** enum bpf_attach_type of {@code <linux/bpf.h>}, Linux 6.6; Debian 12's headers do not have it yet. */
    static final int BPF_TRACE_UPROBE_MULTI = 48;
    /** Before, a link for a process saw the hits of one of its threads only (commit 46ba0e49b642, "fix multi-uprobe PID filtering"). */
    private static final KernelVersion MULTI_BY_PROCESS = new KernelVersion(6, 10);
    private static final int BPF_LINK_CREATE = 28;
    private static final int LINK_CREATE_BYTES = 64;
    // struct bpf_uprobe_opts: sz, ref_ctr_offset, bpf_cookie, retprobe, func_name.
    private static final int UPROBE_OPTIONS_BYTES = 40;
    private static final int COOKIE = 16;

    private final Mode mode;
    private final Deque<Integer> links = new ArrayDeque<>();
    private final Deque<Pointer> libbpfLinks = new ArrayDeque<>();
    /** What was attached, each as what attaches it to a file. */
    private final List<Consumer<Path>> attached = new ArrayList<>();

    /** The cheapest way that the kernel knows and does right. */
    public static Mode bestMode() {
        return KernelVersion.running().isAtLeast(MULTI_BY_PROCESS) ? Mode.MULTI : Mode.ONE_BY_ONE;
    }

    public Uprobes(Mode mode) {
        this.mode = mode;
    }

    /**
     * Attaches a program. What is attached stays so until {@link #close()}, also when a later call fails.
     *
     * @param object the loaded object; it must have been told {@link BpfObject#forUprobeMulti} exactly if the mode is MULTI
     * @param program the program's name
     * @param pid the process to watch
     * @param file the file whose instructions are probed
     * @param sites which instructions; several may share a cookie
     * @throws MachineCannot if this kernel or this user cannot
     * @throws BadInput if the process is gone
     * @throws OperationFailed if the kernel refuses a site
     */
    public void attach(BpfObject object, String program, int pid, Path file, Site[] sites) {
        attach(mode == Mode.MULTI ? path -> attachMulti(object.programFd(program), pid, path, sites)
                : path -> List.of(sites).forEach(site -> attachOne(object.program(program), pid, path, site)), file);
    }

    /**
     * Attaches a program that was assembled; the mode must be MULTI.
     *
     * @throws MachineCannot if this kernel or this user cannot
     * @throws BadInput if the process is gone
     * @throws OperationFailed if the kernel refuses a site
     */
    public void attach(BpfProgram program, int pid, Path file, Site[] sites) {
        attach(path -> attachMulti(program.fd(), pid, path, sites), file);
    }

    private void attach(Consumer<Path> attachment, Path file) {
        attached.add(attachment);
        attachment.accept(file);
    }

    /**
     * Attaches all again in the same order, after another thread than the process's first has executed a program: a link for a process stands
     * for the task that was the first thread when it was made.
     *
     * @param file the same file, by whatever path
     */
    public void renew(Path file) {
        // All at a time: for each the kernel waits until no CPU can be in it any more, tens of milliseconds.
        links.parallelStream().forEach(BpfProgram.LIBC::close);
        links.clear();
        detach();
        attached.forEach(attachment -> attachment.accept(file));
    }

    private void attachMulti(int program, int pid, Path file, Site[] sites) {
        byte[] path = (file + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Pointer pathPointer = allocate(path.length);
        pathPointer.put(0, path, 0, path.length);
        Pointer offsets = allocate(sites.length * Long.BYTES);
        Pointer cookies = allocate(sites.length * Long.BYTES);
        for (int i = 0; i < sites.length; i++) {
            offsets.putLong((long) i * Long.BYTES, sites[i].fileOffset);
            cookies.putLong((long) i * Long.BYTES, sites[i].cookie);
        }
        // union bpf_attr, link_create: prog_fd, target_fd, attach_type, flags, then uprobe_multi:
        // path, offsets, ref_ctr_offsets, cookies, cnt, flags, pid.
        Pointer attributes = allocate(LINK_CREATE_BYTES);
        attributes.putInt(0, program);
        attributes.putInt(8, BPF_TRACE_UPROBE_MULTI);
        attributes.putAddress(16, pathPointer.address());
        attributes.putAddress(24, offsets.address());
        attributes.putAddress(40, cookies.address());
        attributes.putInt(48, sites.length);
        attributes.putInt(56, pid);
        long link = BpfProgram.LIBC.syscall(BpfProgram.SYS_BPF, BPF_LINK_CREATE, attributes, LINK_CREATE_BYTES);
        int error = Errno.last();
        java.lang.ref.Reference.reachabilityFence(pathPointer);
        java.lang.ref.Reference.reachabilityFence(offsets);
        java.lang.ref.Reference.reachabilityFence(cookies);
        if (link < 0) {
            throw refused(error, pid, file, sites.length + " sites");
        }
        links.push((int) link);
    }

    private void attachOne(Pointer program, int pid, Path file, Site site) {
        Pointer options = allocate(UPROBE_OPTIONS_BYTES);
        options.putLong(0, UPROBE_OPTIONS_BYTES);
        options.putLong(COOKIE, site.cookie);
        Pointer link = BpfObject.Libbpf.CALLS.bpf_program__attach_uprobe_opts(program, pid, file.toString(), site.fileOffset, options);
        if (link == null) {
            throw refused(Errno.last(), pid, file, "offset 0x" + Long.toHexString(site.fileOffset));
        }
        libbpfLinks.push(link);
    }

    private static RuntimeException refused(int error, int pid, Path file, String what) {
        switch (error) {
            case Errno.EPERM, Errno.EACCES:
                return new MachineCannot("Attaching uprobes", "the kernel refuses it (" + Errno.describe(error) + ")",
                        Capability.remedy(Capability.BPF, Capability.PERFMON));
            case Errno.ESRCH:
                return new BadInput("No process " + pid + " to attach uprobes to; it has ended, or never was");
            default:
                return new OperationFailed("Cannot attach uprobes to " + ProgramFile.name(file) + " (" + what + ") in process " + pid + ": "
                        + Errno.describe(error));
        }
    }

    private static Pointer allocate(int bytes) {
        return Memory.allocateDirect(Runtime.getSystemRuntime(), Math.max(8, bytes), true);
    }

    @Override
    public void close() {
        detach();
        attached.clear();
    }

    private void detach() {
        while (!links.isEmpty()) {
            BpfProgram.LIBC.close(links.pop());
        }
        while (!libbpfLinks.isEmpty()) {
            BpfObject.Libbpf.CALLS.bpf_link__destroy(libbpfLinks.pop());
        }
    }
}
