package dev.tracetoll.linux.process;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.ThreadCalls;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** The CPUs that a thread may run on, see sched_setaffinity(2). Threads and processes that it starts inherit them. */
public final class Affinity {

    /** As many CPUs as the kernel can be built for, 8192, in bytes. */
    private static final int SIZE = 1024;

    private static final int THIS_THREAD = 0;

    private final Pointer mask;

    private Affinity(Pointer mask) {
        this.mask = mask;
    }

    /** These CPUs. */
    public static Affinity of(List<Integer> cpus) {
        Pointer mask = Memory.allocateDirect(Runtime.getSystemRuntime(), SIZE, true);
        cpus.forEach(cpu ->
                mask.putByte(cpu / Byte.SIZE, (byte) (mask.getByte(cpu / Byte.SIZE) | 1 << cpu % Byte.SIZE)));
        return new Affinity(mask);
    }

    /** What the calling thread may run on. */
    public static Affinity ofThisThread() {
        Affinity affinity = ofThread(THIS_THREAD);
        if (affinity == null) {
            throw new OperationFailed("Asking on which CPUs a thread may run failed: " + Errno.describe(Errno.last()));
        }
        return affinity;
    }

    /** What a thread (0: the calling one) may run on; null if it is gone. */
    public static @Nullable Affinity ofThread(int thread) {
        Pointer mask = Memory.allocateDirect(Runtime.getSystemRuntime(), SIZE, true);
        int bytes = ThreadCalls.LIBC.sched_getaffinity(thread, SIZE, mask.address());
        // glibc answers 0 and clears what the kernel did not fill in.
        return bytes < 0 ? null : new Affinity(mask);
    }

    /** Their numbers, in order. */
    public List<Integer> cpus() {
        return IntStream.range(0, SIZE * Byte.SIZE)
                .filter(this::contains)
                .boxed()
                .toList();
    }

    /** Whether a CPU is among them. */
    public boolean contains(int cpu) {
        return (mask.getByte(cpu / Byte.SIZE) >> cpu % Byte.SIZE & 1) != 0;
    }

    /** The first of the CPUs, a bit for each, 64 to a word. */
    public void copy(ByteBuffer into, int at, int words) {
        for (int i = 0; i < words; i++) {
            into.putLong(at + i * Long.BYTES, mask.getLong((long) i * Long.BYTES));
        }
    }

    /** Whether these are the same CPUs. */
    public boolean sameAs(Affinity other) {
        for (int i = 0; i < SIZE; i += Long.BYTES) {
            if (mask.getLong(i) != other.mask.getLong(i)) {
                return false;
            }
        }
        return true;
    }

    /** Lets a thread (0: the calling one) run on these CPUs only; false if it is gone or the kernel refuses. */
    public boolean apply(int thread) {
        return ThreadCalls.LIBC.sched_setaffinity(thread, SIZE, mask.address()) == 0;
    }

    /** The CPU that the calling thread runs on. */
    public static int currentCpu() {
        return ThreadCalls.LIBC.sched_getcpu();
    }

    /**
     * Lets the calling thread run on these CPUs only.
     *
     * @throws OperationFailed if none of them is online, or the thread's cpuset forbids it
     */
    public void applyToThisThread() {
        if (!apply(THIS_THREAD)) {
            throw new OperationFailed("Running a thread on CPU " + cpus() + " failed: " + Errno.describe(Errno.last()));
        }
    }

    /** Whether two CPUs are threads of one core; see {@code Documentation/admin-guide/cputopology.rst}. */
    public static boolean shareCore(int cpu, int other) {
        return core(cpu).equals(core(other));
    }

    private static String core(int cpu) {
        Path siblings = Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list");
        try {
            return Files.exists(siblings) ? Files.readString(siblings).strip() : Integer.toString(cpu);
        } catch (IOException e) {
            throw new OperationFailed("Reading " + siblings + " failed: " + e.getMessage(), e);
        }
    }
}
