package dev.tracetoll.linux.perf;

import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.linux.libc.SystemCall;
import dev.tracetoll.problem.OperationFailed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The memory that the kernel writes records of one processor into. Positions count bytes since the beginning.
 *
 * <p>Layout and protocol: perf_event_open(2), {@code struct perf_event_mmap_page} of {@code <linux/perf_event.h>}. One thread drains; any
 * thread may read the positions.
 */
public final class PerfBuffer implements AutoCloseable {

    /** {@code PERF_TYPE_SOFTWARE}. */
    private static final int TYPE_SOFTWARE = 1;

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

    private static final int DATA_HEAD = 1024;
    private static final int DATA_TAIL = 1032;
    private static final int MISC = 4;
    private static final int RECORD_SIZE = 6;
    /** Of a record: its type, what more there is to say, and its size. */
    public static final int HEADER_BYTES = 8;

    private final int descriptor;
    private final MappedMemory memory;
    private final ByteBuffer head;
    private final ByteBuffer data;
    private final int bytes;
    /** Room is given back in steps. */
    private final int releaseEvery;
    /** A record whose end is at the beginning of the buffer. */
    private final ByteBuffer broken = ByteBuffer.allocate(1 << 16).order(ByteOrder.nativeOrder());

    /**
     * What is to be written, a software event.
     *
     * @param config which, {@code PERF_COUNT_SW_...}
     * @param samplePeriod how many of it make a sample; 0 for none
     * @param sampleType what of each sample is told, {@code PERF_SAMPLE_...}
     * @param flags the bit field of {@code perf_event_attr}
     * @param wakeup after how many records, or bytes if the flags say so, whoever waits is woken
     */
    public record Wanted(long config, long samplePeriod, long sampleType, long flags, int wakeup) {}

    /** Receives a record: {@code size} bytes at {@code offset} of {@code data}, header included, valid during the call only. */
    @FunctionalInterface
    public interface Handler {
        void accept(int type, int misc, ByteBuffer data, int offset, int size);
    }

    private PerfBuffer(int descriptor, MappedMemory memory, int bytes) {
        int page = MappedMemory.pageSize();
        this.descriptor = descriptor;
        this.memory = memory;
        this.bytes = bytes;
        head = memory.buffer();
        data = memory.buffer().slice(page, bytes).order(ByteOrder.nativeOrder());
        releaseEvery = bytes / 16;
    }

    /** What is wanted of a processor, of all processes there: a descriptor, or the negative number of the error. */
    public static int open(int cpu, Wanted wanted) {
        Pointer attributes = Memory.allocateDirect(Runtime.getSystemRuntime(), ATTRIBUTES_BYTES, true);
        attributes.putInt(TYPE, TYPE_SOFTWARE);
        attributes.putInt(SIZE, ATTRIBUTES_BYTES);
        attributes.putLong(CONFIG, wanted.config);
        attributes.putLong(SAMPLE_PERIOD, wanted.samplePeriod);
        attributes.putLong(SAMPLE_TYPE, wanted.sampleType);
        attributes.putLong(FLAGS, wanted.flags);
        attributes.putInt(WAKEUP, wanted.wakeup);
        int number = (int) SystemCall.LIBC.syscall(SYS_PERF_EVENT_OPEN, attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
        return number < 0 ? -Errno.last() : number;
    }

    /**
     * Maps the memory of what was opened, and owns the descriptor from then on.
     *
     * @param bytes how much it holds, a power of two and at least a page
     * @throws OperationFailed if the kernel refuses; the descriptor is closed then
     */
    public static PerfBuffer map(int descriptor, int bytes) {
        try {
            return new PerfBuffer(
                    descriptor, MappedMemory.of(descriptor, 0, MappedMemory.pageSize() + bytes, true), bytes);
        } catch (OperationFailed e) {
            FileCalls.LIBC.close(descriptor);
            throw e;
        }
    }

    /** To be waited for, or given to BPF programs. */
    public int descriptor() {
        return descriptor;
    }

    /** How far the kernel has written. */
    public long producerPosition() {
        return (long) LONG.getAcquire(head, DATA_HEAD);
    }

    /** How far records have been read. */
    public long consumerPosition() {
        return (long) LONG.getAcquire(head, DATA_TAIL);
    }

    /** Hands over every record in order, and gives their room back. */
    public void drain(Handler handler) {
        long tail = consumerPosition();
        long end = producerPosition();
        long released = tail;
        while (tail < end) {
            int at = (int) tail & bytes - 1;
            // A header is never broken: records are multiples of 8 bytes.
            int type = data.getInt(at);
            int misc = Short.toUnsignedInt(data.getShort(at + MISC));
            int size = Short.toUnsignedInt(data.getShort(at + RECORD_SIZE));
            if (at + size > bytes) {
                handler.accept(type, misc, whole(at, size), 0, size);
            } else {
                handler.accept(type, misc, data, at, size);
            }
            tail += size;
            if (tail - released >= releaseEvery) {
                LONG.setRelease(head, DATA_TAIL, tail);
                released = tail;
            }
        }
        LONG.setRelease(head, DATA_TAIL, tail);
    }

    private ByteBuffer whole(int at, int size) {
        int first = bytes - at;
        broken.put(0, data, at, first);
        broken.put(first, data, 0, size - first);
        return broken;
    }

    @Override
    public void close() {
        memory.close();
        FileCalls.LIBC.close(descriptor);
    }
}
