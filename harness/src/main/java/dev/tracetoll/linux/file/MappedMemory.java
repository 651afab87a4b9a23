package dev.tracetoll.linux.file;

import com.kenai.jffi.MemoryIO;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.problem.OperationFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;

/** Memory mapped from a file descriptor, seen as a buffer. The buffer must not be touched after {@link #close()}. */
public final class MappedMemory implements AutoCloseable {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;

    private final long address;
    private final int length;
    private final ByteBuffer buffer;

    private MappedMemory(long address, int length) {
        this.address = address;
        this.length = length;
        this.buffer =
                MemoryIO.getInstance().newDirectByteBuffer(address, length).order(ByteOrder.nativeOrder());
    }

    /** Of memory, in bytes. */
    public static int pageSize() {
        return FileCalls.LIBC.getpagesize();
    }

    /**
     * Maps a part of a file, shared.
     *
     * @throws OperationFailed if the kernel refuses
     */
    public static MappedMemory of(int fd, long offset, int length, boolean writable) {
        Pointer mapped = FileCalls.LIBC.mmap(
                null, length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, offset);
        if (mapped == null || mapped.address() == MAP_FAILED) {
            throw new OperationFailed("Cannot map " + length + " bytes of a BPF map: " + Errno.describe(Errno.last()));
        }
        return new MappedMemory(mapped.address(), length);
    }

    /** The memory, in the byte order of the machine. */
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        FileCalls.LIBC.munmap(address, length);
    }
}
