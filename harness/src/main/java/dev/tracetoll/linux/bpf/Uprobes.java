package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** BPF programs attached to instructions of a file; detached when closed. Not thread-safe. */
public final class Uprobes implements AutoCloseable {

    /** Where to attach: {@code fileOffset} of the instruction, and the cookie that the program sees there. */
    public record UprobeSite(long fileOffset, long cookie) {}

    /** How the kernel attaches. */
    public enum Mode {
        /** All sites of a program by one link (Linux 6.6; its process filter covers all threads since 6.10). */
        MULTI,
        /** A perf event for each site. */
        ONE_BY_ONE
    }

    /** Before, a link for a process saw the hits of one of its threads only (commit 46ba0e49b642, "fix multi-uprobe PID filtering"). */
    private static final KernelVersion MULTI_BY_PROCESS = new KernelVersion(6, 10);
    // struct bpf_uprobe_opts: sz, ref_ctr_offset, bpf_cookie, retprobe, func_name.
    private static final int UPROBE_OPTIONS_BYTES = 40;
    private static final int COOKIE = 16;

    /** A process is started within milliseconds, on a loaded machine within seconds. */
    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(1);

    /** How many threads wait for the kernel at a time. */
    private static final int MOST_CLOSING = 64;

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
    public void attach(BpfObject object, String program, int pid, Path file, UprobeSite[] sites) {
        attach(
                mode == Mode.MULTI
                        ? path -> attachMulti(object.programFd(program), pid, path, sites)
                        : path -> List.of(sites).forEach(site -> attachOne(object.program(program), pid, path, site)),
                file);
    }

    /**
     * Attaches a program that was assembled; the mode must be MULTI.
     *
     * @throws MachineCannot if this kernel or this user cannot
     * @throws BadInput if the process is gone
     * @throws OperationFailed if the kernel refuses a site
     */
    public void attach(BpfProgram program, int pid, Path file, UprobeSite[] sites) {
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
        renewAll(List.of(this), file);
    }

    /** The same of several. */
    public static void renewAll(Collection<Uprobes> all, Path file) {
        List<Integer> ids =
                all.stream().flatMap(each -> each.linkIds().stream()).toList();
        detachAll(all);
        ids.forEach(Uprobes::awaitEnd);
        all.forEach(each -> each.attached.forEach(attachment -> attachment.accept(file)));
    }

    /** The kernel's numbers of the links. */
    List<Integer> linkIds() {
        return links.stream().map(Bpf::linkId).toList();
    }

    /**
     * Waits until a link that was closed is gone. A process that is being started has all of this one's descriptors until it executes its program,
     * and a link that lives for so long sees the hits of what is attached after it as well: it stands for a task that has the same
     * {@code signal_struct} as the one that has taken its place (uprobe_prog_run, kernel/trace/bpf_trace.c).
     */
    private static void awaitEnd(int id) {
        long deadline = System.nanoTime() + LONGEST_END.toNanos();
        for (int link = Bpf.linkOf(id); link >= 0; link = Bpf.linkOf(id)) {
            FileCalls.LIBC.close(link);
            if (System.nanoTime() > deadline) {
                throw new OperationFailed("uprobes that were detached are still there after " + LONGEST_END.toSeconds()
                        + " s, as another process has them open; each call would be seen twice");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void attachMulti(int program, int pid, Path file, UprobeSite[] sites) {
        int link = Bpf.attachUprobes(program, pid, file.toString(), sites);
        if (link < 0) {
            throw refused(-link, pid, file, sites.length + " sites");
        }
        links.push(link);
    }

    private void attachOne(Pointer program, int pid, Path file, UprobeSite site) {
        Pointer options = Memory.allocateDirect(Runtime.getSystemRuntime(), UPROBE_OPTIONS_BYTES, true);
        options.putLong(0, UPROBE_OPTIONS_BYTES);
        options.putLong(COOKIE, site.cookie);
        Pointer link = BpfObject.Libbpf.CALLS.bpf_program__attach_uprobe_opts(
                program, pid, file.toString(), site.fileOffset, options);
        if (link == null) {
            throw refused(Errno.last(), pid, file, "offset 0x" + Long.toHexString(site.fileOffset));
        }
        libbpfLinks.push(link);
    }

    private static RuntimeException refused(int error, int pid, Path file, String what) {
        switch (error) {
            case Errno.EPERM, Errno.EACCES:
                return new MachineCannot(
                        "Attaching uprobes",
                        "the kernel refuses it (" + Errno.describe(error) + ")",
                        Capability.remedy(Capability.BPF, Capability.PERFMON));
            case Errno.ESRCH:
                return new BadInput("No process " + pid + " to attach uprobes to; it has ended, or never was");
            default:
                return new OperationFailed("Cannot attach uprobes to " + ProgramFile.name(file) + " (" + what
                        + ") in process " + pid + ": " + Errno.describe(error));
        }
    }

    /** Closes several. */
    public static void closeAll(Collection<Uprobes> all) {
        detachAll(all);
        all.forEach(each -> each.attached.clear());
    }

    @Override
    public void close() {
        closeAll(List.of(this));
    }

    /**
     * Ends all links at a time: for each the kernel waits until no CPU can be in its program any more, tens of milliseconds, and many waits take no
     * longer than one.
     */
    private static void detachAll(Collection<Uprobes> all) {
        List<Runnable> ends = all.stream().flatMap(Uprobes::ends).toList();
        if (ends.size() <= 1) {
            ends.forEach(Runnable::run);
        } else {
            ForkJoinPool threads = new ForkJoinPool(Math.min(ends.size(), MOST_CLOSING));
            try {
                threads.submit(() -> ends.parallelStream().forEach(Runnable::run))
                        .join();
            } finally {
                threads.shutdown();
            }
        }
        all.forEach(each -> {
            each.links.clear();
            each.libbpfLinks.clear();
        });
    }

    /** What ends each link. */
    private Stream<Runnable> ends() {
        return Stream.concat(
                links.stream().map(link -> () -> FileCalls.LIBC.close(link)),
                libbpfLinks.stream().map(link -> () -> BpfObject.Libbpf.CALLS.bpf_link__destroy(link)));
    }
}
