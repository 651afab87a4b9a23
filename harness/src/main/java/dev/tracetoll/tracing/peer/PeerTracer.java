package dev.tracetoll.tracing.peer;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.file.OwnedDirectory;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Lets a peer trace a process. For one process: make a new one for the next. */
public final class PeerTracer implements AutoCloseable {

    /** From the start of a tool until it traces; debuggers read the program's debug information first. */
    private static final Duration ATTACHING = Duration.ofSeconds(60);

    private static final long BETWEEN_LOOKS_NS = 2_000_000;

    private final Peer peer;
    private final Path tool;
    private final Path binary;
    private final PeerTask task;

    /**
     * Prepares.
     *
     * @param binary the program
     * @param function its function, as the source names it
     * @param lowestDescriptor of system calls those on lower file descriptors do not count
     * @throws dev.tracetoll.problem.MachineCannot if the tool is not there
     * @throws BadInput if the program has no such function
     */
    public PeerTracer(Peer peer, Path binary, String function, int lowestDescriptor) {
        this.peer = peer;
        this.binary = binary;
        this.tool = peer.tool().require();
        this.task = PeerTask.of(binary, function, lowestDescriptor, PeerFiles.directory());
    }

    /** The command that becomes the program and traces it, if the tool has to start it; else empty: {@link #attach} it. */
    public List<String> launcher() {
        if (!peer.launches()) {
            return List.of();
        }
        return command(task);
    }

    private List<String> command(PeerTask assigned) {
        List<String> command = new ArrayList<>(List.of(tool.toString()));
        command.addAll(arguments(assigned));
        return peer.readsTracefs() ? Tracefs.seenBy(command) : command;
    }

    private ChildProcess start(PeerTask assigned) {
        List<String> command = command(assigned);
        return ChildProcess.spawn(new Launch(
                Path.of(command.get(0)),
                command.subList(1, command.size()),
                Inheritance.ofThisCommand().withoutDescriptorsAndSignals(),
                Redirect.NULL,
                new Redirect.File(assigned.output()),
                new Redirect.File(assigned.errors()),
                false));
    }

    /**
     * Starts to trace; a program started by {@link #launcher()} is traced already. On return every call from now on is traced, and the
     * session takes over what was prepared: do not close this then.
     *
     * @param pid a running process
     * @throws BadInput if the tool cannot trace it, with what it says
     * @throws OperationFailed if it does not begin in time; it does not run then
     */
    public PeerSession attach(int pid) {
        PeerTask assigned = task.of(pid);
        Peer.Preparation preparation = Peer.Preparation.NONE;
        PeerProcess process = null;
        try {
            preparation = peer.prepare(assigned);
            process = peer.launches() ? launching(pid) : new PeerProcess.Attached(start(assigned));
            awaitAttached(assigned, process);
            return new PeerSession(peer, assigned, process, preparation);
        } catch (RuntimeException | Error e) {
            Failing.close(process, e);
            Failing.close(preparation, e);
            throw e;
        }
    }

    private PeerProcess launching(int pid) {
        int tracer = TaskStatus.of(pid).map(TaskStatus::tracer).orElse(0);
        if (tracer == 0) {
            throw new OperationFailed("the peer " + peer.technique() + " started " + binary + " but does not trace it");
        }
        return new PeerProcess.Launching(RunningProcess.of(tracer));
    }

    private void awaitAttached(PeerTask assigned, PeerProcess process) {
        Deadline deadline = Deadline.in(ATTACHING);
        while (true) {
            boolean ended = process.awaitEnd(Duration.ZERO);
            if (ended) {
                throw new BadInput("The peer " + peer.technique() + " cannot trace " + assigned.function() + " of "
                        + binary.getFileName() + ": " + PeerFiles.lastWords(assigned)
                        + "; choose another target or leave this peer out");
            }
            if (isAttached(assigned, process)) {
                return;
            }
            if (deadline.isOver()) {
                throw new OperationFailed("The peer " + peer.technique() + " did not begin to trace "
                        + assigned.function() + " of " + binary.getFileName() + " within " + ATTACHING.toSeconds()
                        + " s: " + PeerFiles.lastWords(assigned));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        }
    }

    private boolean isAttached(PeerTask assigned, PeerProcess process) {
        try {
            return peer.attached(assigned, process.pid());
        } catch (IOException e) {
            // A process that is just ending has neither memory nor a system call; which of the two it is shows at the
            // next look.
            return false;
        }
    }

    private List<String> arguments(PeerTask assigned) {
        try {
            return peer.arguments(assigned);
        } catch (IOException e) {
            throw new OperationFailed(
                    "The peer " + peer.technique() + " cannot be prepared: " + e.getMessage() + "; make room in "
                            + System.getProperty("java.io.tmpdir") + ", or set TMPDIR to another directory",
                    e);
        }
    }

    /** Removes what was prepared for a tool that never traced. */
    @Override
    public void close() {
        OwnedDirectory.delete(task.directory());
    }
}
