package dev.tracetoll.linux;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** On which CPUs the calling thread may run. Threads and processes that it starts inherit that. */
public final class CpuAffinity {

    /** sched_setaffinity(2) and its counterpart; the kernel's call, so that the size is the only limit on the number of CPUs. */
    public interface Calls {
        int sched_getaffinity(int thread, long size, @Out byte[] cpus);

        int sched_setaffinity(int thread, long size, @In byte[] cpus);
    }

    private static final Calls LIBC = LibraryLoader.create(Calls.class).failImmediately().load("c");
    /** Enough for 8 192 CPUs, the most that Linux has on x86-64. */
    private static final int MASK_BYTES = 1024;
    private static final int THIS_THREAD = 0;

    private CpuAffinity() {}

    /** The CPUs that the calling thread may run on, in order. */
    public static List<Integer> ofThisThread() {
        byte[] mask = new byte[MASK_BYTES];
        if (LIBC.sched_getaffinity(THIS_THREAD, mask.length, mask) < 0) {
            throw new OperationFailed("Asking on which CPUs a thread may run failed: " + Errno.describe(Errno.last()));
        }
        return BitSet.valueOf(mask).stream().boxed().toList();
    }

    /**
     * Says on which CPUs the calling thread may run from now on.
     *
     * @throws OperationFailed if none of them is online, or the thread's cpuset forbids it
     */
    public static void setThisThread(List<Integer> cpus) {
        BitSet bits = new BitSet();
        cpus.forEach(bits::set);
        byte[] mask = new byte[MASK_BYTES];
        byte[] set = bits.toByteArray();
        System.arraycopy(set, 0, mask, 0, set.length);
        if (LIBC.sched_setaffinity(THIS_THREAD, mask.length, mask) != 0) {
            throw new OperationFailed("Running a thread on CPU " + cpus + " failed: " + Errno.describe(Errno.last()));
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
