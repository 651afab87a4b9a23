package dev.tracetoll.bench.program;

import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Guardian;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.tracing.TracedProcess;
import java.time.Duration;
import java.util.Optional;

/** The program, launched: under all techniques alike, traced or not. It dies with this process, however that ends. */
final class Launched implements AutoCloseable {

    private static final int SIGTERM = 15;
    /** For a server to finish what it is at. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ChildProcess child;
    private final Guardian guardian;

    private Launched(ChildProcess child, Guardian guardian) {
        this.child = child;
        this.guardian = guardian;
    }

    /**
     * Starts it; it waits to be resumed before it executes anything of the program.
     *
     * @throws dev.tracetoll.problem.Problem if it cannot be started
     */
    static Launched start(OwnProgram program, Printed printed) {
        Launch here = new Launch(
                program.file(),
                program.vector(),
                program.inheritance(),
                program.stdin().<Redirect>map(Redirect.File::new).orElse(Redirect.NULL),
                printed.stdout(),
                printed.stderr(),
                true);
        ChildProcess child =
                ChildProcess.spawn(program.directory().map(here::in).orElse(here));
        try {
            return new Launched(child, Guardian.killing(child.pid(), () -> {}));
        } catch (RuntimeException e) {
            Failing.close(child, e);
            throw e;
        }
    }

    TracedProcess traced() {
        return new TracedProcess(child.pid(), child.awaitingExec(), true, child::reaped);
    }

    int pid() {
        return child.pid();
    }

    void resume() {
        child.resume();
    }

    Optional<ExitStatus> awaitExit(Duration timeout) {
        return child.awaitExit(timeout);
    }

    /** Asks it to end as services are asked, and makes it end if it does not soon. */
    ExitStatus stop() {
        child.signal(SIGTERM);
        return child.awaitExit(GRACE).orElseGet(() -> {
            child.kill();
            return child.awaitExit(GRACE).orElse(new ExitStatus.Killed(ChildProcess.SIGKILL));
        });
    }

    /** Sees to it that it has ended, and that the kernel has added up what it used. */
    void end() {
        child.close();
    }

    @Override
    public void close() {
        try {
            child.close();
        } finally {
            guardian.close();
        }
    }
}
