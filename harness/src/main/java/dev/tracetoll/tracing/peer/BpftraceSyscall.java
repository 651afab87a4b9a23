package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.util.List;

/** {@code bpftrace} on the tracepoints of write(2): counts in the kernel, or prints a line for each call with descriptor, length and result. */
final class BpftraceSyscall implements Peer {

    private static final String COUNTING = """
            tracepoint:syscalls:sys_enter_write /pid == %d && args->fd >= %d/ { @calls = count(); }
            """;

    /** The arguments are kept by thread until the call returns. */
    private static final String PRINTING = """
            tracepoint:syscalls:sys_enter_write /pid == %d && args->fd >= %d/ { @fd[tid] = args->fd; @length[tid] = args->count; }
            tracepoint:syscalls:sys_exit_write /@fd[tid]/ {
                printf("write(%%d, %%d) = %%d\\n", @fd[tid], @length[tid], args->ret);
                delete(@fd[tid]);
                delete(@length[tid]);
            }
            END { clear(@fd); clear(@length); }
            """;

    private final boolean printing;

    BpftraceSyscall(boolean printing) {
        this.printing = printing;
    }

    @Override
    public Technique technique() {
        return new Technique(printing ? "bpftrace-syscall-print" : "bpftrace-syscall");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.BPFTRACE;
    }

    @Override
    public boolean returns() {
        return printing;
    }

    @Override
    public boolean systemCalls() {
        return true;
    }

    @Override
    public boolean readsTracefs() {
        return true;
    }

    @Override
    public boolean mayMissSignal() {
        return true;
    }

    @Override
    public List<String> arguments(PeerTask task) {
        String process = Integer.toString(task.process());
        return List.of(
                "-p",
                process,
                "-e",
                String.format(printing ? PRINTING : COUNTING, task.process(), task.lowestDescriptor()));
    }

    /** It waits for events only after its programs are attached. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return PeerTask.waitsIn(peer, Bpftrace.EPOLL);
    }

    /**
     * From the signal on it throws away what it has not read yet (as of 0.17: {@code perf_event_printer} in
     * {@code src/bpftrace.cpp}); it waits for events only when it has read all.
     */
    @Override
    public boolean caughtUp(PeerTask task, int peer) throws IOException {
        return attached(task, peer);
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        if (!printing) {
            return Bpftrace.SUMMARY.read(task.output());
        }
        long calls = PeerTask.linesBeginning(task.output(), "write(");
        return new TraceCounts(calls, calls, 0, 0, 0);
    }
}
