package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.RecordWriter;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Captures what a thread stopped at one probe site has in its registers and memory. */
final class HitReader {

    private static final int EFAULT = 14;

    private final SitePlan plan;
    private final int site;
    private final RuntimeLayout runtime;
    private final RecordWriter writer;
    private final ProcessMemory memory;
    private final StackGrowths growths;
    private final boolean readsFloats;
    private final ReadAhead ahead;
    private final StoppedHitThread stopped = new StoppedHitThread();
    private int thread;

    @SuppressWarnings("NullAway.Init") // Those of the thread that is read.
    private Registers registers;

    private boolean dying;

    /**
     * @param types those of its values
     * @param site the site's number
     * @param writer shared by all sites
     * @param growths shared by all sites
     */
    HitReader(
            SitePlan plan,
            TypeTable types,
            int site,
            RuntimeLayout runtime,
            RecordWriter writer,
            ProcessMemory memory,
            StackGrowths growths) {
        this.plan = plan;
        this.site = site;
        this.runtime = runtime;
        this.writer = writer;
        this.memory = memory;
        this.growths = growths;
        this.readsFloats = plan.floatRegisters() > 0;
        this.ahead = new ReadAhead(plan, types, runtime);
    }

    SitePlan plan() {
        return plan;
    }

    /**
     * Captures a hit.
     *
     * @param read the thread's integer registers
     * @param bias what the program was moved by when it was loaded
     * @param timestampNs when it stopped, by {@link System#nanoTime()}
     * @return the record, valid until the next call; null if the thread is dying
     */
    @Nullable
    ByteBuffer read(Ptrace ptrace, Tracee tracee, Registers read, long bias, long timestampNs) {
        thread = tracee.thread();
        registers = read;
        dying = false;
        if (readsFloats && !ptrace.readFloats(thread, registers)) {
            return null;
        }
        ahead.read(memory, thread, registers);
        ByteBuffer record = writer.capture(plan, stopped, bias);
        record.putInt(RecordFormat.SITE, site);
        record.putInt(RecordFormat.THREAD, thread);
        record.putLong(RecordFormat.TIMESTAMP_NS, timestampNs);
        readGoroutine(record);
        plan.site()
                .check()
                .ifPresent(check -> record.putInt(
                        RecordFormat.FLAGS,
                        record.getInt(RecordFormat.FLAGS)
                                | growths.flags(
                                        record.getLong(RecordFormat.GOROUTINE),
                                        site,
                                        record.getLong(RecordFormat.FRAME),
                                        check.grows(registers.flags()))));
        return dying ? null : record;
    }

    /** ABIInternal keeps g in a register; assembly may have something else there, and finds g among the thread's own variables; what C left there can even look like one. */
    private void readGoroutine(ByteBuffer record) {
        OptionalInt offset = runtime.threadGOffset();
        if (!(plan.anyR14() && offset.isPresent()) && runsOnStackOf(registers.goroutinePointer(), record)) {
            return;
        }
        if (offset.isPresent()
                && readMemory(registers.threadPointer() + offset.getAsInt(), Long.BYTES)
                && runsOnStackOf(memory.longAt(0), record)) {
            return;
        }
        // A signal handler starts with the g that it interrupted.
        record.putLong(RecordFormat.GOROUTINE, RecordFormat.NO_GOROUTINE | thread);
        record.putLong(RecordFormat.FRAME, -stopped.stackArguments());
    }

    /** Whether what may be a g is that of the stack that the thread runs on: then the record says so. */
    private boolean runsOnStackOf(long g, ByteBuffer record) {
        int stackLoOffset = ReadAhead.stackLoOffset(runtime);
        int from = ReadAhead.firstOffset(runtime);
        long arguments = stopped.stackArguments();
        if (!readMemory(g + from, ReadAhead.size(runtime))) {
            return false;
        }
        long low = memory.longAt(stackLoOffset - from);
        long high = memory.longAt(runtime.stackHiOffset() - from);
        if (Long.compareUnsigned(registers.stackPointer(), low) < 0 || Long.compareUnsigned(arguments, high) > 0) {
            return false;
        }
        long id = memory.longAt(runtime.goidOffset() - from);
        record.putLong(RecordFormat.GOROUTINE, id != 0 ? id : RecordFormat.NO_GOROUTINE | high);
        record.putLong(RecordFormat.FRAME, high - arguments);
        return true;
    }

    private boolean readMemory(long address, int size) {
        boolean read = memory.read(thread, address, size);
        dying |= memory.gone();
        return read;
    }

    /** The thread as the writer of records sees it. */
    private final class StoppedHitThread implements RecordWriter.HitThread {
        @Override
        public long integerArgument(int index) {
            return registers.integerArgument(index);
        }

        @Override
        public long floatArgument(int index) {
            return registers.floatArgument(index);
        }

        @Override
        public long stackArguments() {
            return registers.stackPointer() + plan.site().frameBytes() + Long.BYTES;
        }

        @Override
        public int read(long address, ByteBuffer into, int at, int size) {
            if (!readMemory(address, size)) {
                return -EFAULT;
            }
            memory.copy(into, at, size);
            return 0;
        }
    }
}
