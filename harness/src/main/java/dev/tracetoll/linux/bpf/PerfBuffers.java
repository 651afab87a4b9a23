package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.linux.file.Polling;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.linux.libc.SystemCall;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The consumer's side of a perf buffer for each CPU that BPF programs write records into, drained by polling. Positions are those of all CPUs
 * together; records are in order for each CPU only.
 *
 * <p>Layout and protocol: perf_event_open(2), {@code struct perf_event_mmap_page} of {@code <linux/perf_event.h>}. One thread drains; any
 * thread may read the positions.
 */
public final class PerfBuffers implements Ring, AutoCloseable {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int SYS_PERF_EVENT_OPEN = 298;
    private static final int PERF_FLAG_FD_CLOEXEC = 8;
    // struct perf_event_attr, as of PERF_ATTR_SIZE_VER5.
    private static final int ATTRIBUTES_BYTES = 112;
    private static final int TYPE = 0;
    private static final int SIZE = 4;
    private static final int CONFIG = 8;
    private static final int SAMPLE_PERIOD = 16;
    private static final int SAMPLE_TYPE = 24;
    private static final int FLAGS = 40;
    private static final int WAKEUP = 48;
    private static final int PERF_TYPE_SOFTWARE = 1;
    private static final int PERF_COUNT_SW_BPF_OUTPUT = 10;
    private static final int PERF_SAMPLE_RAW = 1 << 10;
    /** WAKEUP is in bytes. */
    private static final int WATERMARK = 1 << 14;

    private static final int DATA_HEAD = 1024;
    private static final int DATA_TAIL = 1032;
    private static final int PERF_RECORD_SAMPLE = 9;
    private static final int HEADER_BYTES = 8;
    private static final int HEADER_SIZE = 6;
    private static final int RAW_SIZE_BYTES = 4;

    /** That of a CPU. */
    private static final class OfCpu {
        private final int fd;
        private final MappedMemory memory;
        private final ByteBuffer head;
        private final ByteBuffer data;

        OfCpu(int fd, MappedMemory memory, int bytes) {
            int page = MappedMemory.pageSize();
            this.fd = fd;
            this.memory = memory;
            this.head = memory.buffer();
            this.data = memory.buffer().slice(page, bytes).order(ByteOrder.nativeOrder());
        }
    }

    private final int bytes;
    /** Room is given back in steps, as of the other rings. */
    private final int releaseEvery;

    private final List<OfCpu> cpus = new ArrayList<>();
    /** A record whose end is at the beginning of the buffer. */
    private final ByteBuffer broken = ByteBuffer.allocate(1 << 16).order(ByteOrder.nativeOrder());

    PerfBuffers(int bytes) {
        this.bytes = bytes;
        releaseEvery = bytes / 16;
    }

    /** Opens that of each CPU that there is; {@link #close()} closes what was opened. */
    void open(BpfObject object, String map, int wakeupRecords, int wakeupBytes) {
        int page = MappedMemory.pageSize();
        for (int cpu = 0; cpu < object.possibleCpus(); cpu++) {
            int fd = open(cpu, wakeupRecords, wakeupBytes);
            if (fd == -Errno.ENODEV) {
                // It is offline.
                continue;
            }
            if (fd < 0) {
                throw refused(-fd);
            }
            MappedMemory memory;
            try {
                memory = MappedMemory.of(fd, 0, page + bytes, true);
            } catch (OperationFailed e) {
                FileCalls.LIBC.close(fd);
                throw new OperationFailed(
                        "The perf buffer of CPU " + cpu + ", " + bytes + " bytes, cannot be had: " + e.getMessage()
                                + "; use a smaller one, or see perf_event_mlock_kb in /proc/sys/kernel",
                        e);
            }
            cpus.add(new OfCpu(fd, memory, bytes));
            object.update(map, cpu, fd);
        }
    }

    private int open(int cpu, int wakeupRecords, int wakeupBytes) {
        Pointer attributes = Memory.allocateDirect(Runtime.getSystemRuntime(), ATTRIBUTES_BYTES, true);
        attributes.putInt(TYPE, PERF_TYPE_SOFTWARE);
        attributes.putInt(SIZE, ATTRIBUTES_BYTES);
        attributes.putLong(CONFIG, PERF_COUNT_SW_BPF_OUTPUT);
        attributes.putLong(SAMPLE_PERIOD, 1);
        attributes.putLong(SAMPLE_TYPE, PERF_SAMPLE_RAW);
        if (wakeupRecords > 0) {
            attributes.putInt(WAKEUP, wakeupRecords);
        } else {
            // Of a full buffer, if of none: the kernel takes half of it where nothing is said.
            attributes.putLong(FLAGS, WATERMARK);
            attributes.putInt(WAKEUP, wakeupBytes > 0 ? wakeupBytes : bytes);
        }
        int fd = (int) SystemCall.LIBC.syscall(SYS_PERF_EVENT_OPEN, attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
        return fd < 0 ? -Errno.last() : fd;
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
        return sum(DATA_HEAD);
    }

    @Override
    public long consumerPosition() {
        return sum(DATA_TAIL);
    }

    private long sum(int position) {
        long all = 0;
        for (OfCpu cpu : cpus) {
            all += (long) LONG.getAcquire(cpu.head, position);
        }
        return all;
    }

    /** Waits until a producer has woken the consumer, or the time is up. */
    public void await(Duration timeout) {
        Polling.awaitReadable(timeout, cpus.stream().mapToInt(cpu -> cpu.fd).toArray());
    }

    @Override
    public int drain(RecordHandler handler) {
        int records = 0;
        for (OfCpu cpu : cpus) {
            records += drain(cpu, handler);
        }
        return records;
    }

    private int drain(OfCpu cpu, RecordHandler handler) {
        long tail = (long) LONG.getAcquire(cpu.head, DATA_TAIL);
        long head = (long) LONG.getAcquire(cpu.head, DATA_HEAD);
        long released = tail;
        int records = 0;
        while (tail < head) {
            int at = (int) tail & bytes - 1;
            // A header is never broken: records are multiples of 8 bytes.
            int type = cpu.data.getInt(at);
            int size = Short.toUnsignedInt(cpu.data.getShort(at + HEADER_SIZE));
            if (type == PERF_RECORD_SAMPLE) {
                ByteBuffer data = cpu.data;
                if (at + size > bytes) {
                    data = whole(cpu.data, at, size);
                    at = 0;
                }
                handler.accept(data, at + HEADER_BYTES + RAW_SIZE_BYTES, data.getInt(at + HEADER_BYTES));
                records++;
            }
            tail += size;
            if (tail - released >= releaseEvery) {
                LONG.setRelease(cpu.head, DATA_TAIL, tail);
                released = tail;
            }
        }
        LONG.setRelease(cpu.head, DATA_TAIL, tail);
        return records;
    }

    private ByteBuffer whole(ByteBuffer data, int at, int size) {
        int first = bytes - at;
        broken.put(0, data, at, first);
        broken.put(first, data, 0, size - first);
        return broken;
    }

    @Override
    public void close() {
        for (OfCpu cpu : cpus) {
            cpu.memory.close();
            FileCalls.LIBC.close(cpu.fd);
        }
        cpus.clear();
    }
}
