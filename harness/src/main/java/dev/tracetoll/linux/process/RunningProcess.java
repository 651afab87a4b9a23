package dev.tracetoll.linux.process;

import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.problem.BadInput;
import java.time.Duration;
import java.util.Optional;

/** A process that somebody else started. */
public final class RunningProcess implements AutoCloseable {

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
     * @throws BadInput if it has ended, or runs no program
     * @throws dev.tracetoll.problem.MachineCannot if this user must not read it
     */
    public ProgramFile program() {
        return ProgramFile.of(pid);
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
