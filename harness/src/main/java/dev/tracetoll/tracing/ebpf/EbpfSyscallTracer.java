package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import dev.tracetoll.tracing.syscall.SyscallSink;
import dev.tracetoll.tracing.syscall.SyscallTracer;

/**
 * Traces system calls by BPF programs on the kernel's tracepoints of their entry and exit, which write records into a ring buffer.
 *
 * <p>As long as it traces, every system call of every process on the machine runs into the tracepoints and is sorted out there.
 */
public final class EbpfSyscallTracer implements SyscallTracer {

    private final int ringBytes;

    /** @param ringBytes size of the ring buffer: a power of two and a multiple of the page */
    public EbpfSyscallTracer(int ringBytes) {
        this.ringBytes = ringBytes;
    }

    @Override
    public Technique technique() {
        return Technique.SYSCALL_EBPF;
    }

    @Override
    public TraceSession attach(SyscallRequest request, TracedProcess process, SyscallSink sink) {
        return new EbpfSyscallSession(request, process.pid(), sink, ringBytes);
    }
}
