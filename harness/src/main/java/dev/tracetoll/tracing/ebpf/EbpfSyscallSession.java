package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.bpf.RingBuffer;
import dev.tracetoll.linux.bpf.Tracepoints;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingDrainer;
import dev.tracetoll.tracing.syscall.SyscallAssembler;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import dev.tracetoll.tracing.syscall.SyscallSink;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A process whose system calls are traced by eBPF. */
final class EbpfSyscallSession implements TraceSession {

    private final BpfObject object = new BpfObject("syscalls", BpfImage.SYSCALLS.content());
    private final Tracepoints tracepoints = new Tracepoints();
    private final SyscallAssembler assembler;
    private final RingBuffer ring;
    private final ByteBuffer counters;
    private final RingDrainer drainer;

    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);

    EbpfSyscallSession(SyscallRequest request, int pid, SyscallSink sink, int ringBytes) {
        this.assembler = new SyscallAssembler(sink);
        try {
            if (TaskStatus.of(pid).isEmpty()) {
                throw new BadInput("there is no running process " + pid + "; name a running one");
            }
            ByteBuffer config = object.data(".rodata");
            config.putInt(SyscallContract.CONFIG_PROCESS, pid);
            config.putInt(SyscallContract.CONFIG_LOWEST_DESCRIPTOR, request.lowestDescriptor());
            config.putInt(SyscallContract.CONFIG_HEAD_BYTES, request.maxBytes());
            object.maxEntries("events", ringBytes);
            object.load();
            ring = object.ringBuffer("events", ringBytes);
            counters = object.mapped("counters", SyscallContract.COUNTERS_BYTES, false);
            // The exit first: every call that is seen entering is seen leaving.
            tracepoints.attach(object, "on_exit");
            tracepoints.attach(object, "on_enter");
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
        drainer = new RingDrainer(
                ring,
                pid,
                this::drain,
                Draining.adaptive(),
                Optional.empty(),
                SyscallContract.ENTRY_BYTES + request.maxBytes());
    }

    private int drain() {
        int records = ring.drain(this::read);
        counts = assembler.counts(
                counters.getLong(SyscallContract.COUNTERS_LOST_ENTRIES),
                counters.getLong(SyscallContract.COUNTERS_LOST_EXITS));
        return records;
    }

    private void read(ByteBuffer data, int at, int length) {
        int thread = data.getInt(at + SyscallContract.RECORD_THREAD);
        long timestampNs = data.getLong(at + SyscallContract.RECORD_TIMESTAMP_NS);
        long lost = data.getLong(at + SyscallContract.RECORD_LOST);
        if (data.getInt(at + SyscallContract.RECORD_KIND) == SyscallContract.EXIT) {
            assembler.exit(thread, timestampNs, lost, data.getLong(at + SyscallContract.EXIT_RESULT));
            return;
        }
        int bytes = data.getInt(at + SyscallContract.ENTRY_HEAD);
        byte[] head = null;
        if (bytes >= 0) {
            head = new byte[bytes];
            data.get(at + SyscallContract.ENTRY_BYTES, head);
        }
        assembler.entry(
                thread,
                timestampNs,
                lost,
                data.getInt(at + SyscallContract.ENTRY_DESCRIPTOR),
                data.getLong(at + SyscallContract.ENTRY_LENGTH),
                head);
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public void settle() {
        drainer.settle();
    }

    @Override
    public void rest() {
        drainer.rest();
    }

    @Override
    public void resume() {
        drainer.resume();
    }

    @Override
    public void close() {
        drainer.close(tracepoints::close, this::end, this::release);
    }

    private void end(String why) {
        assembler.close(why);
        drain();
    }

    private void release() {
        tracepoints.close();
        object.close();
    }
}
