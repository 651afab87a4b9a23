package dev.tracetoll.linux.process;

import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** What a running process has used so far. */
public final class ProcessUsage {

    /** {@code linux/resource.h}. */
    private static final int RUSAGE_CHILDREN = -1;

    /** {@code struct rusage}: 18 longs on x86-64. */
    private static final int RUSAGE_BYTES = 18 * Long.BYTES;

    private ProcessUsage() {}

    /**
     * The CPU time of all threads of a process, the ended ones included, in ns: its CPU clock, see clock_getcpuclockid(3), which unlike
     * {@code /proc/PID/stat} does not count in ticks of 10 ms.
     *
     * @throws OperationFailed if there is no such process
     */
    public static long cpuNs(long pid) {
        Pointer clock = Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES, true);
        int errno = ProcessCalls.LIBC.clock_getcpuclockid((int) pid, clock);
        Pointer time = Memory.allocateDirect(Runtime.getSystemRuntime(), 2 * Long.BYTES, true);
        if (errno == 0 && ProcessCalls.LIBC.clock_gettime(clock.getInt(0), time) != 0) {
            errno = Errno.last();
        }
        if (errno != 0) {
            throw new OperationFailed("Reading the CPU time of process " + pid + " failed: " + Errno.describe(errno));
        }
        return time.getLong(0) * 1_000_000_000 + time.getLong(Long.BYTES);
    }

    /**
     * The CPU time of all children of this process that have ended and were waited for, and of theirs, in ns; it counts in µs: see getrusage(2).
     *
     * @throws OperationFailed if the kernel does not say
     */
    public static long endedChildrenCpuNs() {
        Pointer usage = Memory.allocateDirect(Runtime.getSystemRuntime(), RUSAGE_BYTES, true);
        if (ProcessCalls.LIBC.getrusage(RUSAGE_CHILDREN, usage) != 0) {
            throw new OperationFailed(
                    "Reading the CPU time of the children that have ended failed: " + Errno.describe(Errno.last()));
        }
        // Two struct timeval: in user mode, and in the kernel.
        long seconds = usage.getLong(0) + usage.getLong(2 * Long.BYTES);
        long micros = usage.getLong(Long.BYTES) + usage.getLong(3 * Long.BYTES);
        return seconds * 1_000_000_000 + micros * 1_000;
    }

    /** The CPU time of this process, in ns. */
    public static long ownCpuNs() {
        return cpuNs(ProcessHandle.current().pid());
    }

    /**
     * The most memory that a process has held at once, in bytes: {@code VmHWM}, see proc_pid_status(5).
     *
     * @throws OperationFailed if there is no such process or it has ended
     */
    public static long peakBytes(long pid) {
        return peakBytesIfAlive(pid)
                .orElseThrow(() -> new OperationFailed(
                        "Reading the peak memory of process " + pid + " failed: the process has ended"));
    }

    /** The same; empty if there is no such process or it has ended. */
    public static OptionalLong peakBytesIfAlive(long pid) {
        try {
            return peakBytes(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * How many threads a process has now.
     *
     * @throws OperationFailed if there is no such process
     */
    public static int threads(long pid) {
        String[] tasks = Path.of("/proc", Long.toString(pid), "task").toFile().list();
        if (tasks == null) {
            throw new OperationFailed("Counting the threads of process " + pid + " failed: it has ended");
        }
        return tasks.length;
    }

    /** The most memory that this process has held at once, in bytes. */
    public static long ownPeakBytes() {
        return peakBytes(ProcessHandle.current().pid());
    }

    /**
     * Lets the {@linkplain #ownPeakBytes() most memory} count from now on: see {@code /proc/PID/clear_refs} in proc_pid_clear_refs(5).
     *
     * @return whether the kernel can; it cannot without CONFIG_PROC_PAGE_MONITOR
     */
    public static boolean resetOwnPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static OptionalLong peakBytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst();
    }
}
