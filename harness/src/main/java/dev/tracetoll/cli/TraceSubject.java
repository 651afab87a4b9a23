package dev.tracetoll.cli;

import dev.tracetoll.linux.file.Terminal;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Guardian;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.NativeWords;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.tracing.TracedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The process that {@code trace} traces. Closing gives back what was needed to watch it. */
sealed interface TraceSubject extends AutoCloseable {

    /** The process, for a tracer. */
    TracedProcess traced();

    /** Lets it go on if it waits for its tracer. */
    void resume();

    /** Waits until it has ended or the time is up; says whether it has ended. */
    boolean awaitEnd(Duration timeout);

    /** How it ended; empty if it has not, or only its parent can know. */
    Optional<ExitStatus> exitStatus();

    /** Whether it ends with the command: whether the command waits for its end. */
    boolean launched();

    /** Hands on a signal that the command received, unless the process is not ours to interrupt. */
    void passOn(int signal);

    /** Kills it, unless it is not ours to kill. */
    void kill();

    @Override
    void close();

    /**
     * A program that the command starts, as it would run without the command: on its own standard streams, with all that the command was
     * given; killed when closed.
     *
     * @param vector its argument vector: as it was called, and its arguments
     * @param all what it inherits
     * @param protection what becomes of it when the command is killed
     * @param notices told, in a line for the user, if that will not come about after all
     */
    static TraceSubject launch(
            Path program, NativeWords vector, Inheritance all, Protection protection, Consumer<String> notices) {
        ChildProcess child =
                ChildProcess.spawn(new Launch(program, vector, all, all.stream(0), all.stream(1), all.stream(2), true));
        try {
            return new Launched(child, protection == Protection.KILLED, protection.guardianOf(child.pid(), notices));
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** What is to become of a launched program when the command is killed. */
    enum Protection {
        /** It dies with the command. */
        KILLED {
            @Override
            Optional<Guardian> guardianOf(int process, Consumer<String> notices) {
                return Optional.of(
                        Guardian.killing(
                                process,
                                () -> notices.accept(
                                        "process " + process
                                                + " will not be killed with this command: the process that was to see to that has been ended")));
            }
        },
        /** It runs on, also if it is stopped at that moment until its probes are attached again. */
        CONTINUED {
            @Override
            Optional<Guardian> guardianOf(int process, Consumer<String> notices) {
                return Optional.of(Guardian.continuing(
                        process,
                        () -> notices.accept("should this tracer be killed, process " + process
                                + " may stay stopped: the process that was to see to that has been ended")));
            }
        },
        /** The tracer itself sees to it. */
        BY_TRACER {
            @Override
            Optional<Guardian> guardianOf(int process, Consumer<String> notices) {
                return Optional.empty();
            }
        };

        abstract Optional<Guardian> guardianOf(int process, Consumer<String> notices);
    }

    /** A process that is there already; runs on when closed. */
    static TraceSubject of(RunningProcess process) {
        return new Attached(process);
    }

    /**
     * A program that the command has started.
     *
     * @param killOnExit whether it is killed when the command is
     * @param guardian sees to what becomes of it then; empty if the tracer does
     */
    record Launched(ChildProcess child, boolean killOnExit, Optional<Guardian> guardian) implements TraceSubject {

        @Override
        public TracedProcess traced() {
            return new TracedProcess(child.pid(), child.awaitingExec(), killOnExit, child::reaped);
        }

        @Override
        public void resume() {
            child.resume();
        }

        @Override
        public boolean awaitEnd(Duration timeout) {
            return child.awaitExit(timeout).isPresent();
        }

        @Override
        public Optional<ExitStatus> exitStatus() {
            return child.awaitExit(Duration.ZERO);
        }

        @Override
        public boolean launched() {
            return true;
        }

        /** A Ctrl-C typed at the terminal has reached the program already. */
        @Override
        public void passOn(int signal) {
            if (signal != Signal.SIGINT || !Terminal.interrupts(child.pid())) {
                child.signal(signal);
            }
        }

        @Override
        public void kill() {
            child.kill();
        }

        @Override
        public void close() {
            child.close();
            guardian.ifPresent(Guardian::close);
        }
    }

    /** A process that was there before. */
    record Attached(RunningProcess process) implements TraceSubject {

        @Override
        public TracedProcess traced() {
            return new TracedProcess(process.pid(), false, status -> {});
        }

        @Override
        public void resume() {
            // It runs.
        }

        @Override
        public boolean awaitEnd(Duration timeout) {
            return process.awaitEnd(timeout);
        }

        @Override
        public Optional<ExitStatus> exitStatus() {
            return Optional.empty();
        }

        @Override
        public boolean launched() {
            return false;
        }

        @Override
        public void passOn(int signal) {
            // It runs on.
        }

        @Override
        public void kill() {
            // It runs on.
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
