package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.file.Polling;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.perf.PerfBuffer;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The consumer's side of a perf buffer for each CPU that BPF programs write records into, drained by polling. Positions are those of all CPUs
 * together; records are in order for each CPU only. One thread drains; any thread may read the positions.
 */
public final class PerfBuffers implements Ring, AutoCloseable {

    // linux/perf_event.h.
    private static final int PERF_COUNT_SW_BPF_OUTPUT = 10;
    private static final int PERF_SAMPLE_RAW = 1 << 10;
    /** The wakeup is in bytes. */
    private static final int WATERMARK = 1 << 14;

    private static final int PERF_RECORD_SAMPLE = 9;
    private static final int RAW_SIZE_BYTES = 4;

    private final int bytes;
    private final List<PerfBuffer> cpus = new ArrayList<>();

    PerfBuffers(int bytes) {
        this.bytes = bytes;
    }

    /** Opens that of each CPU that there is; {@link #close()} closes what was opened. */
    void open(BpfObject object, String map, int wakeupRecords, int wakeupBytes) {
        PerfBuffer.Wanted wanted = new PerfBuffer.Wanted(
                PERF_COUNT_SW_BPF_OUTPUT,
                1,
                PERF_SAMPLE_RAW,
                wakeupRecords > 0 ? 0 : WATERMARK,
                // Of a full buffer, if of none: the kernel takes half of it where nothing is said.
                wakeupRecords > 0 ? wakeupRecords : wakeupBytes > 0 ? wakeupBytes : bytes);
        for (int cpu = 0; cpu < object.possibleCpus(); cpu++) {
            int fd = PerfBuffer.open(cpu, wanted);
            if (fd == -Errno.ENODEV) {
                // It is offline.
                continue;
            }
            if (fd < 0) {
                throw refused(-fd);
            }
            try {
                cpus.add(PerfBuffer.map(fd, bytes));
            } catch (OperationFailed e) {
                throw new OperationFailed(
                        "The perf buffer of CPU " + cpu + ", " + bytes + " bytes, cannot be had: " + e.getMessage()
                                + "; use a smaller one, or see perf_event_mlock_kb in /proc/sys/kernel",
                        e);
            }
            object.update(map, cpu, fd);
        }
    }

    private static RuntimeException refused(int error) {
        return error == Errno.EPERM || error == Errno.EACCES
                ? new MachineCannot(
                        "Opening a perf buffer",
                        "the kernel refuses it (" + Errno.describe(error) + ")",
                        Capability.remedy(Capability.PERFMON))
                : new OperationFailed("Cannot open a perf buffer: " + Errno.describe(error));
    }

    /** How much that of one CPU holds. */
    @Override
    public int bytes() {
        return bytes;
    }

    @Override
    public long producerPosition() {
        return sum(PerfBuffer::producerPosition);
    }

    @Override
    public long consumerPosition() {
        return sum(PerfBuffer::consumerPosition);
    }

    private long sum(ToLongFunction<PerfBuffer> position) {
        return cpus.stream().mapToLong(position).sum();
    }

    /** Waits until a producer has woken the consumer, or the time is up. */
    public void await(Duration timeout) {
        Polling.awaitReadable(
                timeout, cpus.stream().mapToInt(PerfBuffer::descriptor).toArray());
    }

    @Override
    public int drain(RecordHandler handler) {
        int[] records = new int[1];
        for (PerfBuffer cpu : cpus) {
            cpu.drain((type, misc, data, offset, size) -> {
                if (type == PERF_RECORD_SAMPLE) {
                    int raw = offset + PerfBuffer.HEADER_BYTES;
                    handler.accept(data, raw + RAW_SIZE_BYTES, data.getInt(raw));
                    records[0]++;
                }
            });
        }
        return records[0];
    }

    @Override
    public void close() {
        cpus.forEach(PerfBuffer::close);
        cpus.clear();
    }
}
