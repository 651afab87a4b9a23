package dev.tracetoll.linux.ptrace;

import dev.tracetoll.linux.libc.ThreadCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** Words anywhere in the memory of another process, which are read again and again in as few calls of process_vm_readv(2) as can be. */
public final class RemoteWords {

    /** A {@code struct iovec}: an address and a size. */
    private static final int VECTOR = 2 * Long.BYTES;
    /** In one call; {@code UIO_MAXIOV} of {@code linux/uio.h}. */
    private static final int AT_ONCE = 1024;

    private final Pointer local = Memory.allocateDirect(Ptrace.runtime(), VECTOR, true);
    private final List<Pointer> remote = new ArrayList<>();
    private long[] words = new long[AT_ONCE];
    private int size;

    /** Adds the word at an address. */
    public void add(long address) {
        if (size == remote.size() * AT_ONCE) {
            remote.add(Memory.allocateDirect(Ptrace.runtime(), AT_ONCE * VECTOR, true));
            words = Arrays.copyOf(words, remote.size() * AT_ONCE);
        }
        long at = (long) (size % AT_ONCE) * VECTOR;
        remote.get(size / AT_ONCE).putLong(at, address);
        remote.get(size / AT_ONCE).putLong(at + Long.BYTES, Long.BYTES);
        size++;
    }

    public int size() {
        return size;
    }

    /** The word that was added so many before it, as it was last read; 0 if it could not be. */
    public long get(int index) {
        return words[index];
    }

    /**
     * Reads all of them.
     *
     * @param thread any thread of the process
     */
    public void read(int thread) {
        Pointer into = Memory.allocateDirect(Ptrace.runtime(), AT_ONCE * Long.BYTES);
        for (int done = 0; done < size; ) {
            int within = done % AT_ONCE;
            int count = Math.min(AT_ONCE - within, size - done);
            local.putLong(0, into.address());
            local.putLong(Long.BYTES, (long) count * Long.BYTES);
            Pointer from = remote.get(done / AT_ONCE).slice((long) within * VECTOR);
            long bytes = ThreadCalls.LIBC.process_vm_readv(thread, local, 1, from, count, 0);
            // It ends before the first that cannot be read.
            int read = (int) Math.max(0, bytes / Long.BYTES);
            into.get(0, words, done, read);
            done += read;
            if (read < count) {
                words[done++] = 0;
            }
        }
    }
}
