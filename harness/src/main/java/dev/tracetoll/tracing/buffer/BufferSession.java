package dev.tracetoll.tracing.buffer;

import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.bpf.PerfBuffers;
import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.bpf.RingBuffer;
import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.tracing.ring.ArrivalBins;
import dev.tracetoll.tracing.ring.Arrivals;
import dev.tracetoll.tracing.ring.RecordRing;
import dev.tracetoll.tracing.ring.RingDrainer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that a record comes into at each hit of an instruction of a process, and its reader. Closing it detaches and reads what is left; then
 * {@link #use} is exact.
 */
public final class BufferSession implements AutoCloseable, RingDrainer.Source {

    private static final String PROGRAM = "on_call";
    /** As the object file has it. */
    private static final int BELL_BYTES = 4096;
    /** From so many unread bytes on a reader is woken who had read everything. */
    private static final int CAUGHT_UP = 1;
    /** One reading of the clock does for so many records: it costs as much as some of them. */
    private static final int RECORDS_OF_A_READING = 16;

    private static final Duration LONGEST_LATENCY = Duration.ofHours(1);
    private static final int DIGITS = 3;

    private final BufferOptions options;
    private final BpfObject object = new BpfObject("buffers", BpfImage.BUFFERS.content());
    private final Uprobes uprobes = new Uprobes(Uprobes.bestMode());
    private final Ring ring;
    private final ByteBuffer counters;
    private final ByteBuffer bins;
    private final RingDrainer drainer;
    private final Histogram latencyNs = new Histogram(LONGEST_LATENCY.toNanos(), DIGITS);

    // The reader's alone until it has ended.
    private long seen;
    private long readNs;
    private long drainBeganNs;
    private boolean awaited;
    private final LargestOfTimes waitsNs = new LargestOfTimes(BufferUse.BLOCK.toNanos());
    private final LargestOfTimes unread = new LargestOfTimes(BufferUse.BLOCK.toNanos());
    private long lastDrainedNs = System.nanoTime();
    private long longestPauseNs;
    private long nextStallNs;
    private long drainedBytes;
    private long drainingNs;

    private final long beganNs = System.nanoTime();
    private long cpuNs;
    private @Nullable BufferUse use;
    private @Nullable Arrivals arrived;

    /**
     * Attaches.
     *
     * @param pid the process
     * @param file its program
     * @param fileOffset of the instruction in it
     * @param options how records get here
     * @throws dev.tracetoll.problem.Problem if the kernel refuses it, or has not the memory; nothing stays attached then
     */
    public BufferSession(int pid, Path file, long fileOffset, BufferOptions options) {
        this.options = options;
        Optional<RingDrainer.Bell> bell;
        try {
            configure();
            object.load();
            counters = object.mapped("counters", BufferContract.COUNTERS_BYTES, false);
            bins = object.mapped("arrivals", ArrivalBins.BYTES, true);
            switch (options.kind()) {
                case RINGBUF -> {
                    RingBuffer buffer = object.ringBuffer("ringbuf", options.bytes());
                    ring = buffer;
                    bell = Optional.of(buffer::await);
                }
                case PERF -> {
                    PerfBuffers buffers = object.perfBuffers(
                            "perf",
                            options.bytes(),
                            options.draining().records(),
                            options.draining().bytes());
                    ring = buffers;
                    bell = Optional.of(buffers::await);
                }
                default -> {
                    ring = new RecordRing(
                            object.mapped("ring", RecordRing.elementBytes(options.bytes()), true), options.bytes());
                    bell = Optional.of(RingDrainer.Bell.of(object.ringBuffer("bell", BELL_BYTES)));
                }
            }
            uprobes.attach(
                    object, PROGRAM, pid, file, new Uprobes.UprobeSite[] {new Uprobes.UprobeSite(fileOffset, 0)});
        } catch (RuntimeException | Error e) {
            uprobes.close();
            object.close();
            throw e;
        }
        // Stalls and what comes know nothing of each other: began they together, the same part of each load would meet
        // one every time.
        nextStallNs = System.nanoTime()
                + ThreadLocalRandom.current().nextLong(options.stalls().every().toNanos());
        drainer = new RingDrainer(
                ring,
                pid,
                this,
                options.draining(),
                options.draining().rings() ? bell : Optional.empty(),
                options.roomOfRecord());
    }

    private void configure() {
        ByteBuffer config = object.data(".rodata");
        boolean caughtUp =
                options.kind() == BufferKind.RINGBUF && options.draining().bytes() == CAUGHT_UP;
        config.putInt(BufferContract.CONFIG_BUFFER, options.kind().number());
        config.putInt(BufferContract.CONFIG_RECORD_BYTES, options.recordBytes());
        config.putInt(BufferContract.CONFIG_BUFFER_BYTES, options.bytes());
        config.putInt(BufferContract.CONFIG_WAKEUP_RECORDS, options.draining().records());
        config.putInt(
                BufferContract.CONFIG_WAKEUP_BYTES,
                caughtUp ? 0 : options.draining().bytes());
        config.putInt(BufferContract.CONFIG_CAUGHT_UP, caughtUp ? 1 : 0);
        config.putInt(BufferContract.CONFIG_ARRIVALS, options.arrivals() ? 1 : 0);
        switch (options.kind()) {
            case RINGBUF -> object.maxEntries("ringbuf", options.bytes());
            case PERF -> object.maxEntries("perf", object.possibleCpus());
            default -> object.valueBytes("ring", RecordRing.elementBytes(options.bytes()));
        }
        if (Uprobes.bestMode() == Uprobes.Mode.MULTI) {
            object.forUprobeMulti(PROGRAM);
        }
    }

    /** The reader's; nobody else is to call it. */
    @Override
    public int drain() {
        stall();
        long beganNs = System.nanoTime();
        longestPauseNs = Math.max(longestPauseNs, beganNs - lastDrainedNs);
        long from = ring.consumerPosition();
        readNs = beganNs;
        drainBeganNs = beganNs;
        awaited = true;
        int records = ring.drain(this::read);
        lastDrainedNs = System.nanoTime();
        unread.add(lastDrainedNs - this.beganNs, ring.producerPosition() - from);
        drainedBytes += ring.consumerPosition() - from;
        drainingNs += lastDrainedNs - beganNs;
        return records;
    }

    private void stall() {
        if (options.stalls().length().isZero() || System.nanoTime() < nextStallNs) {
            return;
        }
        long endNs = System.nanoTime() + options.stalls().length().toNanos();
        for (long left = endNs - System.nanoTime(); left > 0; left = endNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        nextStallNs += options.stalls().every().toNanos();
    }

    private void read(ByteBuffer data, int offset, int length) {
        if (seen % RECORDS_OF_A_READING == 0) {
            readNs = System.nanoTime();
        }
        long timestampNs = data.getLong(offset + BufferContract.RECORD_TIMESTAMP_NS);
        // It may have come since the clock was read.
        latencyNs.recordValue(Math.max(0, readNs - timestampNs));
        if (awaited && wakes(seen)) {
            awaited = false;
            waitsNs.add(drainBeganNs - beganNs, Math.max(0, drainBeganNs - timestampNs));
        }
        seen++;
    }

    /** Whether the reader was to look because of a record, as long as none is lost; of many that wake it those count that the program counts. */
    private boolean wakes(long record) {
        return options.kind() == BufferKind.PERF
                || options.draining().records() == 0
                || record % options.draining().records() == 0;
    }

    @Override
    public long lostBytes() {
        return lost() * options.roomOfRecord();
    }

    private long lost() {
        return counters.getLong(BufferContract.COUNTERS_LOST);
    }

    /** Waits until every record of a hit before this call has been read. */
    public void settle() {
        drainer.settle();
    }

    /** Detaches, and reads what is left. */
    @Override
    public void close() {
        if (cpuNs == 0) {
            cpuNs = Math.max(1, drainer.cpuNs());
            drainer.close(uprobes::close, why -> {}, this::release);
        }
    }

    /** What became of the records; once closed. */
    public BufferUse use() {
        if (use == null) {
            throw new IllegalStateException("records still come");
        }
        return use;
    }

    /** When they came; once closed, and if that was asked for. */
    public Arrivals arrivals() {
        if (arrived == null) {
            throw new IllegalStateException("nobody has noted when records came");
        }
        return arrived;
    }

    private void release() {
        use = new BufferUse(
                seen,
                lost(),
                counters.getLong(BufferContract.COUNTERS_LOSSES),
                counters.getLong(BufferContract.COUNTERS_LONGEST_LOSS),
                counters.getLong(BufferContract.COUNTERS_MOST_UNREAD),
                drainer.bytesNeeded(),
                latencyNs,
                waitsNs.all(),
                unread.all(),
                cpuNs,
                longestPauseNs,
                drainedBytes,
                drainingNs);
        if (options.arrivals()) {
            arrived = new ArrivalBins(bins, beganNs).until(System.nanoTime()).times(options.roomOfRecord());
        }
        object.close();
    }
}
