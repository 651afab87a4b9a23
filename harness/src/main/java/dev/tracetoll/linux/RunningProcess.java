package dev.tracetoll.linux;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A process that somebody else started. */
public final class RunningProcess implements AutoCloseable {

    private static final String DELETED = " (deleted)";

    private final int pid;
    private final PidDescriptor handle;

    private RunningProcess(int pid, PidDescriptor handle) {
        this.pid = pid;
        this.handle = handle;
    }

    /**
     * Takes hold of a process.
     *
     * @throws BadInput if there is none of that id
     */
    public static RunningProcess of(int pid) {
        Optional<TaskStatus> status = pid > 0 ? TaskStatus.of(pid) : Optional.empty();
        if (status.isEmpty()) {
            throw new BadInput("there is no process " + pid + "; name a running one");
        }
        if (status.get().process() != pid) {
            throw new BadInput(pid + " is a thread of process " + status.get().process() + "; name the process");
        }
        return new RunningProcess(pid, PidDescriptor.open(pid));
    }

    public int pid() {
        return pid;
    }

    /**
     * The file of the program that it runs.
     *
     * @throws BadInput if it has ended, runs no program, or its file is not there any more
     * @throws MachineCannot if this user must not know
     */
    public Path program() {
        Path link = Path.of("/proc", Integer.toString(pid), "exe");
        try {
            Path program = Files.readSymbolicLink(link);
            if (!Files.exists(program)) {
                throw new BadInput("the program of process " + pid + ", " + program + ", cannot be read"
                        + (program.toString().endsWith(DELETED) ? " any more; restart the process" : " from here; trace it inside its container"));
            }
            return program;
        } catch (AccessDeniedException e) {
            throw new MachineCannot("tracing process " + pid, "it is another user's, or has privileges that this one has not",
                    "run as root or as the process's user, or with " + Capability.SYS_PTRACE, e);
        } catch (IOException e) {
            throw new BadInput("process " + pid + " has already ended or is no program of its own; name a running one", e);
        }
    }

    /** Waits until it has ended or the time is up; says whether it has ended. */
    public boolean awaitEnd(Duration timeout) {
        return handle.awaitDeath(timeout);
    }

    /** Sends it a signal; nothing happens if it has ended. */
    public void signal(int signal) {
        handle.signal(signal);
    }

    @Override
    public void close() {
        handle.close();
    }
}
