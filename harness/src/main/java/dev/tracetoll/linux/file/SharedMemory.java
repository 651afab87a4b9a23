package dev.tracetoll.linux.file;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.SystemCall;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Memory that another process can map as well, as a file without a directory: see memfd_create(2). Closing takes its name away. */
public final class SharedMemory implements AutoCloseable {

    /** {@code asm/unistd_64.h} and {@code linux/memfd.h}. */
    private static final long SYS_MEMFD_CREATE = 319;

    private static final long MFD_CLOEXEC = 1;

    private final Descriptor descriptor;
    private final MappedByteBuffer buffer;

    private SharedMemory(Descriptor descriptor, MappedByteBuffer buffer) {
        this.descriptor = descriptor;
        this.buffer = buffer;
    }

    /**
     * New memory, full of zeros.
     *
     * @param name for those who look at the files of this process
     * @throws OperationFailed if there is none to be had
     */
    public static SharedMemory make(String name, int bytes) {
        Pointer text = Memory.allocateDirect(Runtime.getSystemRuntime(), name.length() + 1, true);
        text.putString(0, name, name.length() + 1, StandardCharsets.US_ASCII);
        long number = SystemCall.LIBC.syscall(SYS_MEMFD_CREATE, text.address(), MFD_CLOEXEC, 0, 0);
        if (number < 0) {
            throw new OperationFailed("Making memory to share failed: memfd_create: " + Errno.describe(Errno.last()));
        }
        Descriptor descriptor = new Descriptor((int) number);
        try (FileChannel channel =
                FileChannel.open(path(descriptor), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
            buffer.order(ByteOrder.nativeOrder());
            return new SharedMemory(descriptor, buffer);
        } catch (IOException e) {
            descriptor.close();
            throw new OperationFailed("Making memory to share failed: " + e.getMessage(), e);
        }
    }

    private static Path path(Descriptor descriptor) {
        return Path.of(
                "/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor.number()));
    }

    /** A name under which other processes can open it, until this is closed. */
    public Path path() {
        return path(descriptor);
    }

    /** The memory, in the byte order of the machine; also after this is closed. */
    public MappedByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
