package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Tries to write to the end of a file without writing anything: a device or a pipe that takes nothing says so, see write(2). */
public final class EmptyWrite {

    /** O_WRONLY, O_CREAT, O_APPEND, O_NOCTTY, O_NONBLOCK and O_CLOEXEC of {@code <asm-generic/fcntl.h>}. Nobody need read a pipe yet. */
    private static final int FLAGS = 1 | 1 << 6 | 1 << 10 | 1 << 8 | 1 << 11 | 1 << 19;

    private static final int MODE = 0666;

    private EmptyWrite() {}

    /**
     * Tries it. A file that was not there is afterwards, empty.
     *
     * @throws FileSystemException with the kernel's reason
     */
    public static void to(Path file) throws FileSystemException {
        int descriptor = FileCalls.LIBC.open(file.toString(), FLAGS, MODE);
        int error = descriptor < 0 ? Errno.last() : 0;
        if (descriptor >= 0) {
            error = FileCalls.LIBC.write(descriptor, new byte[0], 0) < 0 ? Errno.last() : 0;
            FileCalls.LIBC.close(descriptor);
        }
        // A pipe that nobody reads yet, see fifo(7).
        if (error != 0 && error != Errno.ENXIO) {
            throw new FileSystemException(file.toString(), null, Errno.describe(error));
        }
    }
}
