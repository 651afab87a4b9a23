package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program's file, kept open: whatever becomes of its name, what is read, probed and compared is this file. It need have no name at all, as one that
 * was deleted, or whose name means another file here than where a process runs it.
 */
public final class ProgramFile implements AutoCloseable {

    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");
    /** {@code fcntl.h}; what is no regular file must not keep its opener waiting. */
    private static final int O_RDONLY = 0;

    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;

    private final Descriptor descriptor;

    private ProgramFile(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Opens a file by its name; empty if that cannot be. */
    public static Optional<ProgramFile> open(Path path) {
        int number = FileCalls.LIBC.open(path.toString(), O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
        return number < 0 ? Optional.empty() : Optional.of(new ProgramFile(new Descriptor(number)));
    }

    /**
     * Opens the file that a process runs, in whatever mount namespace and under whatever name it was started.
     *
     * @throws BadInput if it has ended, or runs no program
     * @throws MachineCannot if this user must not read it
     */
    public static ProgramFile of(int pid) {
        Path link = Path.of("/proc", Integer.toString(pid), "exe");
        Optional<ProgramFile> file = open(link);
        if (file.isPresent()) {
            return file.get();
        }
        int errno = Errno.last();
        if (errno == Errno.EACCES || errno == Errno.EPERM) {
            if (isRoot()) {
                throw new MachineCannot(
                        "tracing process " + pid,
                        "the kernel keeps its program even from root, because the process belongs to another"
                                + " user namespace or a security module guards it",
                        "trace it from where it was started, such as its host");
            }
            throw new MachineCannot(
                    "tracing process " + pid,
                    "it is another user's, has privileges that this one has not, or its program must not be read",
                    "run as root or as the process's user, or with " + Capability.SYS_PTRACE);
        }
        throw new BadInput("process " + pid + " has already ended or is no program of its own (" + Errno.describe(errno)
                + "); name a running one");
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }

    /** A path that leads to it in this process, as long as it is open. Not to be resolved: the text behind it may lead elsewhere. */
    public Path path() {
        return OWN_DESCRIPTORS.resolve(Integer.toString(descriptor.number()));
    }

    /** What people call a file: for {@link #path} the name that it was opened by, where the process runs that did. */
    public static String name(Path path) {
        if (path.startsWith(OWN_DESCRIPTORS)) {
            try {
                return Files.readSymbolicLink(path).toString();
            } catch (IOException e) {
                return path.toString();
            }
        }
        return path.toString();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
