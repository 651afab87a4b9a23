package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.process.Tracee;
import java.nio.file.Path;

/** System calls about memory that a stopped thread is made to do for its process. */
public final class ForcedCalls {

    private static final int SYS_MMAP = 9;
    private static final int SYS_MUNMAP = 11;
    private static final int SYS_CLOSE = 3;
    private static final int SYS_FTRUNCATE = 77;
    private static final int SYS_MEMFD_CREATE = 319;

    // linux/memfd.h.
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_EXEC = 0x10;

    private static final KernelVersion KNOWS_MFD_EXEC = new KernelVersion(6, 3);

    private final StoppedProcess stopped;
    private final int process;
    private final Tracee tracee;

    ForcedCalls(StoppedProcess stopped, int process, Tracee tracee) {
        this.stopped = stopped;
        this.process = process;
        this.tracee = tracee;
    }

    /**
     * Makes a file of memory; see memfd_create(2).
     *
     * @param name as the process's memory map shows it
     * @param executable whether what is in it is to be executed, where files of memory are not unless that is said
     * @return the process's descriptor of it
     */
    public int memoryFile(String name, long bytes, boolean executable) {
        int flags = MFD_CLOEXEC | (executable && KernelVersion.running().isAtLeast(KNOWS_MFD_EXEC) ? MFD_EXEC : 0);
        int file = (int) stopped.call(tracee, SYS_MEMFD_CREATE, stopped.text(tracee, name), flags);
        stopped.call(tracee, SYS_FTRUNCATE, file, bytes);
        return file;
    }

    /** Where this process finds a file that the other one has open. */
    public Path path(int file) {
        return Path.of("/proc", Integer.toString(process), "fd", Integer.toString(file));
    }

    public void close(int file) {
        stopped.call(tracee, SYS_CLOSE, file);
    }

    /** Maps memory; see mmap(2) for what the arguments mean, and for those that are numbers there. */
    public long map(long address, long bytes, int protection, int flags, int file) {
        return stopped.call(tracee, SYS_MMAP, address, bytes, protection, flags, file, 0);
    }

    public void unmap(long address, long bytes) {
        stopped.call(tracee, SYS_MUNMAP, address, bytes);
    }
}
