package dev.tracetoll.linux;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** The CPUs that a thread may run on, see sched_setaffinity(2). */
public final class Affinity {

    /** As many CPUs as the kernel can be built for, 8192, in bytes. */
    private static final int SIZE = 1024;

    private final Pointer mask;

    private Affinity(Pointer mask) {
        this.mask = mask;
    }

    /** One CPU alone. */
    public static Affinity of(int cpu) {
        Pointer mask = Memory.allocateDirect(Ptrace.runtime(), SIZE, true);
        mask.putByte(cpu / Byte.SIZE, (byte) (1 << cpu % Byte.SIZE));
        return new Affinity(mask);
    }

    /** What a thread (0: the calling one) may run on; null if it is gone. */
    public static Affinity ofThread(int thread) {
        Pointer mask = Memory.allocateDirect(Ptrace.runtime(), SIZE, true);
        int bytes = Ptrace.calls().sched_getaffinity(thread, SIZE, mask.address());
        // glibc answers 0 and clears what the kernel did not fill in.
        return bytes < 0 ? null : new Affinity(mask);
    }

    /** Whether a CPU is among them. */
    public boolean contains(int cpu) {
        return (mask.getByte(cpu / Byte.SIZE) >> cpu % Byte.SIZE & 1) != 0;
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
        return Ptrace.calls().sched_setaffinity(thread, SIZE, mask.address()) == 0;
    }

    /** The CPU that the calling thread runs on. */
    public static int currentCpu() {
        return Ptrace.calls().sched_getcpu();
    }
}
