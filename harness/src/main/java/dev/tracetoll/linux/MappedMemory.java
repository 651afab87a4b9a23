package dev.tracetoll.linux;

import com.kenai.jffi.MemoryIO;
import dev.tracetoll.problem.OperationFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;

/** Memory mapped from a file descriptor, seen as a buffer. The buffer must not be touched after {@link #close()}. */
final class MappedMemory implements AutoCloseable {

    /** libc. */
    public interface Calls {
        // A Pointer, not a long: with six integers jnr-ffi 2.3.4 takes a path on which the offset arrives wrong.
        Pointer mmap(Pointer address, @size_t long length, int protection, int flags, int fd, @off_t long offset);

        int munmap(long address, @size_t long length);

        int getpagesize();
    }

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;

    private static final Calls CALLS = LibraryLoader.create(Calls.class).failImmediately().load("c");

    private final long address;
    private final int length;
    private final ByteBuffer buffer;

    private MappedMemory(long address, int length) {
        this.address = address;
        this.length = length;
        this.buffer = MemoryIO.getInstance().newDirectByteBuffer(address, length).order(ByteOrder.nativeOrder());
    }

    static int pageSize() {
        return CALLS.getpagesize();
    }

    /**
     * Maps a part of a file, shared.
     *
     * @throws OperationFailed if the kernel refuses
     */
    static MappedMemory of(int fd, long offset, int length, boolean writable) {
        Pointer mapped = CALLS.mmap(null, length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, offset);
        if (mapped == null || mapped.address() == MAP_FAILED) {
            throw new OperationFailed("Cannot map " + length + " bytes of a BPF map: " + Errno.describe(Errno.last()));
        }
        return new MappedMemory(mapped.address(), length);
    }

    ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        CALLS.munmap(address, length);
    }
}
