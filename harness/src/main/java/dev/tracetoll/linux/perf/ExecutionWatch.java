package dev.tracetoll.linux.perf;

import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.problem.OperationFailed;
import java.util.ArrayList;
import java.util.List;

/**
 * Says whether a process has executed a program since, even if it has ended by now: the kernel notes that for whoever may ask it about all processes,
 * which takes CAP_PERFMON or a {@code perf_event_paranoid} of 0 or less. Where it may not be asked, or has noted too much, nothing is known.
 */
public final class ExecutionWatch implements AutoCloseable {

    // linux/perf_event.h.
    private static final int PERF_COUNT_SW_DUMMY = 9;
    private static final int PERF_RECORD_COMM = 3;
    private static final int PERF_RECORD_MISC_COMM_EXEC = 1 << 13;
    /** New names of threads are noted, and whether it was an execution that has brought them. */
    private static final long COMM_AND_COMM_EXEC = 1L << 9 | 1L << 24;

    private final int process;
    private final List<PerfBuffer> cpus = new ArrayList<>();
    private boolean executed;

    private ExecutionWatch(int process) {
        this.process = process;
    }

    /** Watches a process from now on; its id is as this process sees it. */
    public static ExecutionWatch of(int process) {
        ExecutionWatch watch = new ExecutionWatch(process);
        PerfBuffer.Wanted wanted = new PerfBuffer.Wanted(PERF_COUNT_SW_DUMMY, 0, 0, COMM_AND_COMM_EXEC, 0);
        for (int cpu = 0; ; cpu++) {
            int descriptor = PerfBuffer.open(cpu, wanted);
            if (descriptor >= 0) {
                try {
                    watch.cpus.add(PerfBuffer.map(descriptor, MappedMemory.pageSize()));
                } catch (OperationFailed e) {
                    // Of the user's own limit.
                    return watch;
                }
            } else if (descriptor != -Errno.ENODEV) {
                // There are no more processors, or the kernel refuses.
                return watch;
            }
        }
    }

    /** Whether it is known to have executed a program since. */
    public synchronized boolean executed() {
        for (PerfBuffer cpu : cpus) {
            cpu.drain((type, misc, data, offset, size) -> executed |= type == PERF_RECORD_COMM
                    && (misc & PERF_RECORD_MISC_COMM_EXEC) != 0
                    && data.getInt(offset + PerfBuffer.HEADER_BYTES) == process);
        }
        return executed;
    }

    /** Lets go of the kernel; what is known by then stays. */
    @Override
    public synchronized void close() {
        executed();
        cpus.forEach(PerfBuffer::close);
        cpus.clear();
    }
}
