package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.util.ArrayDeque;
import java.util.Deque;
import jnr.ffi.Pointer;

/** BPF programs attached to the kernel's tracepoints that they name; detached when closed. Not thread-safe. */
public final class Tracepoints implements AutoCloseable {

    private final Deque<Pointer> links = new ArrayDeque<>();

    /**
     * Attaches a program. What is attached stays so until {@link #close()}, also when a later call fails.
     *
     * @param object the loaded object
     * @param program the program's name; its section says the tracepoint
     * @throws MachineCannot if this user must not
     * @throws OperationFailed if the kernel refuses it
     */
    public void attach(BpfObject object, String program) {
        Pointer link = BpfObject.Libbpf.CALLS.bpf_program__attach(object.program(program));
        if (link == null) {
            int error = Errno.last();
            if (error == Errno.EPERM || error == Errno.EACCES) {
                throw new MachineCannot(
                        "Attaching to a tracepoint",
                        "the kernel refuses it (" + Errno.describe(error) + ")",
                        Capability.remedy(Capability.BPF, Capability.PERFMON));
            }
            throw new OperationFailed(
                    "Cannot attach BPF program " + program + " to its tracepoint: " + Errno.describe(error));
        }
        links.push(link);
    }

    @Override
    public void close() {
        while (!links.isEmpty()) {
            BpfObject.Libbpf.CALLS.bpf_link__destroy(links.pop());
        }
    }
}
