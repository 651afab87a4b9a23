package dev.tracetoll.linux;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** Reads the memory of another process with process_vm_readv(2), through buffers allocated once. Not thread-safe. */
public final class ProcessMemory {

    private static final int INITIAL_CAPACITY = 4096;

    /** A {@code struct iovec} each: an address and a size. */
    private final Pointer local = Memory.allocateDirect(Ptrace.runtime(), 2 * Long.BYTES, true);
    private final Pointer remote = Memory.allocateDirect(Ptrace.runtime(), 2 * Long.BYTES, true);
    private Pointer buffer = Memory.allocateDirect(Ptrace.runtime(), INITIAL_CAPACITY, true);
    private int capacity = INITIAL_CAPACITY;
    private boolean gone;

    /**
     * Reads bytes into this object's buffer, where {@link #longAt} and {@link #bytes} find them.
     *
     * @param thread any thread of the process
     * @return whether every byte could be read
     */
    public boolean read(int thread, long address, int size) {
        if (size > capacity) {
            capacity = Math.max(size, 2 * capacity);
            buffer = Memory.allocateDirect(Ptrace.runtime(), capacity, true);
        }
        local.putLong(0, buffer.address());
        local.putLong(Long.BYTES, size);
        remote.putLong(0, address);
        remote.putLong(Long.BYTES, size);
        long count = Ptrace.calls().process_vm_readv(thread, local, 1, remote, 1, 0);
        gone = count < 0 && Errno.last() == Errno.ESRCH;
        return count == size;
    }

    /** Whether the last read failed because the process has no memory any more: it is dying. */
    public boolean gone() {
        return gone;
    }

    /** 8 of the bytes just read. */
    public long longAt(int offset) {
        return buffer.getLong(offset);
    }

    /** Copies the first bytes just read. */
    public void copy(ByteBuffer into, int at, int size) {
        for (int i = 0; i + Long.BYTES <= size; i += Long.BYTES) {
            into.putLong(at + i, buffer.getLong(i));
        }
        for (int i = size & -Long.BYTES; i < size; i++) {
            into.put(at + i, buffer.getByte(i));
        }
    }

    /** Reads 8 bytes; empty if they cannot be read. */
    public OptionalLong readLong(int thread, long address) {
        return read(thread, address, Long.BYTES) ? OptionalLong.of(longAt(0)) : OptionalLong.empty();
    }
}
