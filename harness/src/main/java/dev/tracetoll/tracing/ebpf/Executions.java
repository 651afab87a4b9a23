package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.bpf.Tracepoints;
import dev.tracetoll.linux.file.FileHandle;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.TracedProcess;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the probes when the process executes a program; see {@code on_exec} of {@code bpf/tracetoll.bpf.c}.
 *
 * <p>The kernel puts them into the same program anew where the process's first thread executes it. Where another one does, the process is stopped
 * before the first instruction, the probes are attached again, and it goes on. Its parent can notice that it was stopped (see
 * {@code WUNTRACED} in wait(2)), as a shell would: so only a process is stopped whose parent is this one.
 */
final class Executions implements AutoCloseable {

    private static final String PROGRAM = "on_exec";
    private static final String FIND_FILE = "on_file";
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final BpfObject object;
    private final TracedProcess process;
    private final Tracepoints tracepoints = new Tracepoints();
    private final ByteBuffer memory;
    private @Nullable FileHandle file;
    private @Nullable String over;
    private boolean closed;

    /** @param object loaded */
    Executions(BpfObject object, TracedProcess process) {
        this.object = object;
        this.process = process;
        this.memory = object.mapped("process", Contract.PROCESS_BYTES, true);
    }

    /**
     * From now on executions are seen. To be closed also if this fails.
     *
     * @param probed the program's file
     * @param patched whether jumps in its code lead to probes, which are gone when the process executes it anew
     * @throws BadInput if the process runs another program already
     */
    synchronized void begin(Path probed, boolean patched) {
        file = FileHandle.open(probed);
        memory.putInt(Contract.PROCESS_PID, process.pid());
        memory.putInt(Contract.PROCESS_DESCRIPTOR, file.number());
        memory.putInt(Contract.PROCESS_HOLDS, process.awaitingExec() ? 1 : 0);
        memory.putInt(Contract.PROCESS_PATCHED, patched ? 1 : 0);
        object.run(FIND_FILE);
        tracepoints.attach(object, PROGRAM);
        if (!process.awaitingExec() && !isRunning(probed)) {
            throw new BadInput("process " + process.pid() + " does not run " + ProgramFile.name(probed)
                    + " any more; name a running process");
        }
    }

    private boolean isRunning(Path probed) {
        try {
            return Files.isSameFile(executable(), probed);
        } catch (IOException e) {
            return false;
        }
    }

    private Path executable() {
        return Path.of("/proc", Integer.toString(process.pid()), "exe");
    }

    /**
     * Lets the process go on if it was stopped.
     *
     * @param renew attaches the probes again to a file that is the same one by another path
     */
    synchronized void follow(Consumer<Path> renew) {
        if (closed || pursuit() != Contract.HELD) {
            return;
        }
        try {
            renew.accept(executable());
        } catch (BadInput ended) {
            // It was killed meanwhile.
        }
        letGo();
    }

    private int pursuit() {
        return (int) INT.getVolatile(memory, Contract.PROCESS_PURSUIT);
    }

    private void letGo() {
        INT.setVolatile(memory, Contract.PROCESS_PURSUIT, Contract.FOLLOWED);
        try (RunningProcess stopped = RunningProcess.of(process.pid())) {
            stopped.signal(Signal.SIGCONT);
        } catch (BadInput ended) {
            // Nobody waits any more.
        }
    }

    /** Why nothing of the process is traced any more; empty as long as it is. */
    synchronized Optional<String> over() {
        return Optional.ofNullable(closed ? over : whyOver());
    }

    private @Nullable String whyOver() {
        return switch (pursuit()) {
            case Contract.OTHER ->
                "process " + process.pid() + " now runs " + programName() + ", none of whose functions are probed";
            case Contract.UNPATCHED ->
                "process " + process.pid()
                        + " has executed a program since, in which there are no jumps of this tracer";
            case Contract.OUTRUN ->
                "process " + process.pid()
                        + " has executed its program anew from another thread than its first one, and the"
                        + " kernel does not keep the probes of a process that was running already; use --backend ptrace";
            default -> null;
        };
    }

    private String programName() {
        byte[] name = new byte[Contract.PROGRAM_NAME_BYTES];
        memory.get(Contract.PROCESS_PROGRAM, name);
        String text = new String(name, StandardCharsets.UTF_8);
        return text.substring(0, text.indexOf(0));
    }

    /** Nothing is seen any more, and the process is not left stopped. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        tracepoints.close();
        over = whyOver();
        closed = true;
        if (pursuit() == Contract.HELD) {
            letGo();
        }
        if (file != null) {
            file.close();
        }
    }
}
