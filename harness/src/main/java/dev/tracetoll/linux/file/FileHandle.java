package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.BadInput;
import java.nio.file.Path;

/** A descriptor that stands for a file and gives no access to its content; as long as it is open, no other file is taken for it. */
public final class FileHandle implements AutoCloseable {

    /** {@code fcntl.h}. */
    private static final int O_PATH = 010000000;

    private static final int O_CLOEXEC = 02000000;

    private final Descriptor descriptor;

    private FileHandle(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens it.
     *
     * @throws BadInput if there is no such file
     */
    public static FileHandle open(Path file) {
        int number = FileCalls.LIBC.open(file.toString(), O_PATH | O_CLOEXEC, 0);
        if (number < 0) {
            throw new BadInput(
                    "Cannot open " + file + ": " + Errno.describe(Errno.last()) + "; name a program that is there");
        }
        return new FileHandle(new Descriptor(number));
    }

    /** The descriptor's number in this process. */
    public int number() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
