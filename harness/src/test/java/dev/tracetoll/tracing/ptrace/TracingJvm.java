package dev.tracetoll.tracing.ptrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that traces until it is ended. */
final class TracingJvm implements AutoCloseable {

    private final Process process;
    private final ProcessHandle target;

    private TracingJvm(String... arguments) throws IOException {
        process = new ProcessBuilder(ToolCommand.ofTest(TracingJvm.class, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        assertThat(line).as("what the tracing JVM says once it traces").startsWith("tracing ");
        target = ProcessHandle.of(Long.parseLong(line.substring("tracing ".length())))
                .orElseThrow();
    }

    static TracingJvm launching(Path binary) throws IOException {
        return new TracingJvm(binary.toString());
    }

    static TracingJvm attachingTo(Path binary, int pid) throws IOException {
        return new TracingJvm(binary.toString(), Integer.toString(pid));
    }

    static TracingJvm followingSystemCallsOf(Path binary, int pid) throws IOException {
        return new TracingJvm(binary.toString(), Integer.toString(pid), "system calls");
    }

    ProcessHandle target() {
        return target;
    }

    /** Ends it by SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends it by SIGTERM. */
    void terminate() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
    }

    /**
     * Traces until it is killed.
     *
     * @param arguments the binary and, to attach to a running process, its id, and more if its system calls are to be followed
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path binary = Path.of(arguments[0]);
        RecordingSink sink = new RecordingSink();
        int pid;
        TraceSession session;
        if (arguments.length > 2) {
            pid = Integer.parseInt(arguments[1]);
            new PtraceSyscallTracer(false)
                    .attach(new SyscallRequest(1, 64), new TracedProcess(pid, false, status -> {}), event -> {});
            System.out.println("tracing " + pid);
            Thread.currentThread().join();
            return;
        } else if (arguments.length > 1) {
            pid = Integer.parseInt(arguments[1]);
            session = new PtraceTracer()
                    .attach(Unruly.request(binary, "main.probed"), new TracedProcess(pid, false, status -> {}), sink);
        } else {
            Unruly unruly = Unruly.stoppedBeforeExec(binary);
            pid = unruly.pid();
            session = new PtraceTracer().attach(Unruly.request(binary, "main.probed"), unruly.traced(), sink);
            unruly.resume();
            unruly.ask("spin 3");
        }
        while (session.counts().calls() < 50) {
            Thread.onSpinWait();
        }
        System.out.println("tracing " + pid);
        Thread.currentThread().join();
    }
}
