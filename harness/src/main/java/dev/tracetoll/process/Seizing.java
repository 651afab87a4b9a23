package dev.tracetoll.process;

import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How the threads of a process become traced. */
public final class Seizing {

    /** A listing of the threads may leave one out while another one ends; so one without news is not enough. */
    private static final int QUIET_LISTINGS = 3;

    private final Ptrace ptrace;
    private final Tracees tracees;
    private final int process;
    private final int options;

    public Seizing(Ptrace ptrace, Tracees tracees, int process, int options) {
        this.ptrace = ptrace;
        this.tracees = tracees;
        this.process = process;
        this.options = options;
    }

    /** Seizes the only thread of a process. */
    public void seizeLeader() {
        if (!seize(process)) {
            throw ended();
        }
    }

    /** Seizes one thread of a process and stops it; one that waits for something, if there is any, as it is not missed. */
    public void seizeOne() {
        List<Integer> waiting = threads().stream()
                .filter(thread ->
                        TaskStatus.of(thread).filter(TaskStatus::isWaiting).isPresent())
                .toList();
        Optional<Integer> seized = Stream.concat(waiting.stream(), threads().stream())
                .filter(this::seize)
                .findFirst();
        if (seized.isEmpty()) {
            throw ended();
        }
        tracees.stopAll();
    }

    /** Seizes every thread of a process and stops it. */
    public void seizeAll() {
        int quiet = 0;
        while (quiet < QUIET_LISTINGS) {
            quiet++;
            for (int thread : threads()) {
                if (!tracees.knows(thread) && seize(thread)) {
                    quiet = 0;
                }
            }
            // Threads that stand still create no others.
            tracees.stopAll();
        }
        if (tracees.isEmpty()) {
            throw ended();
        }
    }

    private boolean seize(int thread) {
        switch (ptrace.seize(thread, options)) {
            case SEIZED -> {
                tracees.seized(thread);
                return true;
            }
            case NO_SUCH_THREAD -> {
                return false;
            }
            default -> {
                Optional<TaskStatus> status = TaskStatus.of(thread);
                boolean born = status.isPresent() && status.get().tracer() == Ptrace.currentThread();
                if (status.isEmpty()
                        || status.get().isDead()
                        || born
                        || status.get().isKernelWorker()) {
                    return false;
                }
                throw refused(status.get());
            }
        }
    }

    private Problem refused(TaskStatus status) {
        if (status.tracer() == 0) {
            return LoadedImage.refused(process, null);
        }
        Optional<TaskStatus> tracer = TaskStatus.of(status.tracer());
        int tracerProcess = tracer.map(TaskStatus::process).orElse(status.tracer());
        return new OperationFailed("process " + process + " is already traced by process " + tracerProcess
                + tracer.map(found -> " (" + found.name() + ")").orElse("")
                + "; a process can have only one ptrace tracer, end that one first");
    }

    private BadInput ended() {
        return new BadInput("there is no running process " + process + "; name a running one");
    }

    private List<Integer> threads() {
        try (Stream<Path> directory = Files.list(Path.of("/proc", Integer.toString(process), "task"))) {
            return directory
                    .map(path -> Integer.valueOf(path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw ended();
        }
    }
}
