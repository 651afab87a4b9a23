package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.perf.ExecutionWatch;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.process.AtExit;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.patching.Installing;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The jumps of a session: put in, looked after, and taken away once, by whoever is the first to do so. */
final class JumpsInProcess {

    private final TracedProcess process;
    private final Installation installation;
    private final Installing installing;
    private @Nullable AtExit atExit;
    /** Null until all is ready. */
    private volatile @Nullable ExecutionWatch executions;

    private boolean removed;
    private boolean over;

    /** @param ready told when all is there that jumps lead to, and before there is any jump */
    JumpsInProcess(TracedProcess process, Installation installation, Runnable ready) {
        this.process = process;
        this.installation = installation;
        installing = new Installing(process, installation, () -> {
            ready.run();
            executions = ExecutionWatch.of(process.pid());
        });
    }

    /**
     * Starts; returns when the process is traced, or will be as soon as it has executed the program.
     *
     * @param detach what is to be done when this process ends before the session does
     */
    void start(Runnable detach) {
        try {
            installing.start();
        } catch (RuntimeException | Error e) {
            unwatch();
            throw e;
        }
        atExit = new AtExit("detach inline session", detach);
    }

    /** Why nothing of the process was traced any more, from some time on before the jumps were to be taken away; empty if it was until then. */
    synchronized Optional<String> over() {
        over |= !removed && hasExecuted();
        return over
                ? Optional.of("process " + process.pid()
                        + " has executed a program since, in which there are no jumps of this tracer")
                : Optional.empty();
    }

    /** What the kernel has not noted can still be seen while the process lives: its memory is another one then. */
    private boolean hasExecuted() {
        ExecutionWatch known = executions;
        return known != null && (known.executed() || !installation.isThere() && hasMemory());
    }

    private boolean hasMemory() {
        return TaskStatus.of(process.pid()).filter(TaskStatus::hasMemory).isPresent();
    }

    /** Throws what has gone wrong so far, if anything has. */
    void throwFailure() {
        installing.throwFailure();
    }

    /** What is being put in is put in, so that it can be taken away; else nothing is. */
    void cancel() {
        installing.cancel();
    }

    /** The session ends by itself. */
    void end() {
        if (atExit != null) {
            atExit.close();
        }
        cancel();
    }

    /** Takes the jumps of some functions away; what they led to stays. */
    void takeOff(TracePlan plan, List<TracedFunction> functions) {
        Set<TracedFunction> off = Collections.newSetFromMap(new IdentityHashMap<>());
        off.addAll(functions);
        installing.remove(patch -> patch.recordings().stream()
                .anyMatch(recording ->
                        off.contains(plan.sites().get(recording.site()).function())));
    }

    void remove() {
        synchronized (this) {
            over();
            removed = true;
            unwatch();
        }
        installing.remove();
    }

    private void unwatch() {
        ExecutionWatch known = executions;
        if (known != null) {
            known.close();
        }
    }
}
