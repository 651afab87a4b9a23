package dev.tracetoll.linux.ptrace;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.HotCalls;
import dev.tracetoll.linux.libc.ThreadCalls;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Reads and writes the memory of another process with process_vm_readv(2) and its twin, through buffers allocated once. Not thread-safe.
 *
 * <p>What is sure to be read soon can be read ahead, all pieces in one call: see {@link #plan}.
 */
public final class ProcessMemory {

    private static final int INITIAL_CAPACITY = 4096;
    /** A {@code struct iovec}: an address and a size. */
    private static final int VECTOR = 2 * Long.BYTES;

    private static final int MOST_PIECES = 8;

    private final Pointer local = Memory.allocateDirect(Ptrace.runtime(), VECTOR, true);
    private final Pointer remote = Memory.allocateDirect(Ptrace.runtime(), MOST_PIECES * VECTOR, true);
    private final Pointer ahead = Memory.allocateDirect(Ptrace.runtime(), INITIAL_CAPACITY, true);
    private final long[] starts = new long[MOST_PIECES];
    private final int[] sizes = new int[MOST_PIECES];
    private int planned;
    private int plannedBytes;
    private int pieces;
    private Pointer buffer = Memory.allocateDirect(Ptrace.runtime(), INITIAL_CAPACITY, true);
    private int capacity = INITIAL_CAPACITY;
    /** Where the bytes last read are. */
    private Pointer found = buffer;

    private int foundAt;
    private boolean gone;

    /** Forgets what was read ahead: the thread has gone on since. */
    public void forget() {
        planned = 0;
        plannedBytes = 0;
        pieces = 0;
    }

    /** Notes a piece for {@link #readAhead}; what does not fit is left to {@link #read}. */
    public void plan(long address, int size) {
        if (planned < MOST_PIECES && size > 0 && plannedBytes + size <= INITIAL_CAPACITY) {
            starts[planned] = address;
            sizes[planned] = size;
            remote.putLong((long) planned * VECTOR, address);
            remote.putLong((long) planned * VECTOR + Long.BYTES, size);
            planned++;
            plannedBytes += size;
        }
    }

    /** Reads the planned pieces, for the reads that follow until {@link #forget}. Those behind one that cannot be read are left out. */
    public void readAhead(int thread) {
        local.putLong(0, ahead.address());
        local.putLong(Long.BYTES, plannedBytes);
        // If nothing can be read, the reads that follow say why.
        long count = HotCalls.LIBC.process_vm_readv(thread, local, 1, remote, planned, 0);
        pieces = 0;
        while (pieces < planned && count >= sizes[pieces]) {
            count -= sizes[pieces];
            pieces++;
        }
    }

    /**
     * Reads bytes into this object's buffer, where {@link #longAt} and {@link #copy} find them.
     *
     * @param thread any thread of the process
     * @return whether every byte could be read
     */
    public boolean read(int thread, long address, int size) {
        return hasReadAhead(address, size) || readNow(thread, address, size);
    }

    private boolean hasReadAhead(long address, int size) {
        int at = 0;
        for (int i = 0; i < pieces; i++) {
            long offset = address - starts[i];
            if (offset >= 0 && offset + size <= sizes[i]) {
                found = ahead;
                foundAt = at + (int) offset;
                gone = false;
                return true;
            }
            at += sizes[i];
        }
        return false;
    }

    private boolean readNow(int thread, long address, int size) {
        if (size > capacity) {
            capacity = Math.max(size, 2 * capacity);
            buffer = Memory.allocateDirect(Ptrace.runtime(), capacity, true);
        }
        found = buffer;
        foundAt = 0;
        vectors(address, size);
        long count = ThreadCalls.LIBC.process_vm_readv(thread, local, 1, remote, 1, 0);
        gone = count < 0 && Errno.last() == Errno.ESRCH;
        return count == size;
    }

    private void vectors(long address, int size) {
        local.putLong(0, buffer.address());
        local.putLong(Long.BYTES, size);
        remote.putLong(0, address);
        remote.putLong(Long.BYTES, size);
    }

    /**
     * Writes the low bytes of a number, where the process itself might write them.
     *
     * @param size how many bytes, at most 8
     * @return whether all could be written
     */
    public boolean write(int thread, long address, long value, int size) {
        buffer.putLong(0, value);
        vectors(address, size);
        long count = ThreadCalls.LIBC.process_vm_writev(thread, local, 1, remote, 1, 0);
        gone = count < 0 && Errno.last() == Errno.ESRCH;
        return count == size;
    }

    /** Whether the last access failed because the process has no memory any more: it is dying. */
    public boolean gone() {
        return gone;
    }

    /** 8 of the bytes just read. */
    public long longAt(int offset) {
        return found.getLong(foundAt + (long) offset);
    }

    /** Copies the first bytes just read. */
    public void copy(ByteBuffer into, int at, int size) {
        for (int i = 0; i + Long.BYTES <= size; i += Long.BYTES) {
            into.putLong(at + i, found.getLong(foundAt + (long) i));
        }
        for (int i = size & -Long.BYTES; i < size; i++) {
            into.put(at + i, found.getByte(foundAt + (long) i));
        }
    }

    /** Reads 8 bytes; empty if they cannot be read. */
    public OptionalLong readLong(int thread, long address) {
        return read(thread, address, Long.BYTES) ? OptionalLong.of(longAt(0)) : OptionalLong.empty();
    }
}
