package dev.tracetoll.bench.program;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.OperationFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A command that somebody typed for the shell. */
final class ShellCommand {

    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration LOOK = Duration.ofMillis(20);

    private final String command;
    private final Printed printed;

    ShellCommand(String command, Printed printed) {
        this.command = command;
        this.printed = printed;
    }

    /**
     * Runs it.
     *
     * @param goOn asked every few milliseconds; it is killed if not
     * @return how it ended; empty if it was killed
     */
    Optional<ExitStatus> run(Deadline deadline, BooleanSupplier goOn) {
        try (ChildProcess child = ChildProcess.spawn(new Launch(
                SHELL,
                List.of("-c", command),
                Inheritance.ofThisCommand().withoutDescriptorsAndSignals(),
                Redirect.NULL,
                printed.stdout(),
                printed.stderr(),
                false))) {
            while (!deadline.isOver() && goOn.getAsBoolean()) {
                Optional<ExitStatus> status = child.awaitExit(LOOK);
                if (status.isPresent()) {
                    return status;
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Runs it to its end.
     *
     * @param option what it was given with
     * @throws OperationFailed if it fails, or takes longer
     */
    void require(String option, Duration timeout) {
        Optional<ExitStatus> status = run(Deadline.in(timeout), () -> true);
        if (status.isEmpty() || !succeeded(status.get())) {
            throw new OperationFailed(option + " '" + command + "' "
                    + status.map(ExitStatus::describe).orElse("took longer than " + timeout.toSeconds() + " s")
                    + printed.lastWords());
        }
    }

    static boolean succeeded(ExitStatus status) {
        return status instanceof ExitStatus.Exited exited && exited.code() == 0;
    }
}
