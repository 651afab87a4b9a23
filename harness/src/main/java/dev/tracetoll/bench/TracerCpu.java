package dev.tracetoll.bench;

import dev.tracetoll.linux.process.ProcessUsage;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What a tracer uses that is part of this process. */
public final class TracerCpu {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private TracerCpu() {}

    /** The CPU time of this process so far but for the calling thread, which measures, in ns. */
    public static long ns() {
        return ProcessUsage.ownCpuNs() - THREADS.getCurrentThreadCpuTime();
    }
}
