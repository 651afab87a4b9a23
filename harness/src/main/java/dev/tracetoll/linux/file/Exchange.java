package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Two names of a file system change places in one step, whatever they name; see renameat2(2). */
public final class Exchange {

    /** {@code <fcntl.h>} */
    private static final int AT_FDCWD = -100;
    /** {@code <linux/fs.h>} */
    private static final int RENAME_EXCHANGE = 1 << 1;

    private Exchange() {}

    /**
     * Lets two names change places.
     *
     * @throws FileSystemException if one is not there, they are on different file systems, or theirs cannot do it; both are as before then
     */
    public static void of(Path one, Path other) throws FileSystemException {
        if (FileCalls.LIBC.renameat2(AT_FDCWD, one.toString(), AT_FDCWD, other.toString(), RENAME_EXCHANGE) != 0) {
            int errno = Errno.last();
            throw new FileSystemException(
                    one.toString(),
                    other.toString(),
                    errno == Errno.EINVAL
                            ? "its file system cannot exchange " + other + " for another in one step; remove that first"
                            : Errno.describe(errno));
        }
    }
}
