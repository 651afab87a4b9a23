package dev.tracetoll.tracing.ptrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.linux.file.PipeInput;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.testing.GoBuilds;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program {@code src/test/go/unruly}, running. */
final class Unruly implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChildProcess child;
    private final BufferedReader answers;

    private Unruly(ChildProcess child) {
        this.child = child;
        this.answers = new BufferedReader(new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
    }

    /** Builds the program. */
    static Path build(Path directory, String... flags) {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        Path binary = directory.resolve("unruly");
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.add(home.resolve("harness/src/test/go/unruly/main.go").toString());
        GoBuilds.build(GoBuilds.ofTargets(), Map.of(), home, arguments, binary);
        return binary;
    }

    /** What to trace of it. */
    static TracePlan request(Path binary, String... functions) {
        SitePricing pricing = new Emulation(new KernelVersion(6, 18));
        try (GoBinary go = GoBinary.open(binary, pricing)) {
            return new TracePlan(
                    new TraceRequest(
                            binary,
                            Stream.of(functions).map(go::function).toList(),
                            go.runtimeLayout(),
                            go.types(),
                            true,
                            64,
                            0),
                    pricing);
        }
    }

    /** Starts it; {@link #resume} lets it go on. */
    static Unruly stoppedBeforeExec(Path binary) {
        return start(binary, true);
    }

    static Unruly running(Path binary) {
        Unruly unruly = start(binary, false);
        unruly.ask("count");
        return unruly;
    }

    private static Unruly start(Path binary, boolean stopBeforeExec) {
        return new Unruly(ChildProcess.spawn(new Launch(
                binary,
                List.of(),
                Map.of("PATH", "/usr/bin:/bin"),
                Redirect.PIPE,
                Redirect.PIPE,
                Redirect.INHERIT,
                stopBeforeExec)));
    }

    TracedProcess traced() {
        return new TracedProcess(child.pid(), child.awaitingExec(), child::reaped);
    }

    int pid() {
        return child.pid();
    }

    void resume() {
        child.resume();
    }

    void signal(int signal) {
        child.signal(signal);
    }

    void tell(String command) {
        try {
            child.stdin().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to a command: a number, 0 where nothing went wrong. */
    int ask(String command) {
        tell(command);
        return Integer.parseInt(line().split(" ")[1]);
    }

    String line() {
        try {
            assertThat(PipeInput.awaitReadable(PATIENCE, child.stdout()))
                    .as("an answer of the program in time")
                    .containsExactly(true);
            String line = answers.readLine();
            assertThat(line).as("answer of the program").isNotNull();
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ExitStatus awaitExit() {
        return child.awaitExit(PATIENCE).orElseThrow(() -> new AssertionError("the program has not ended in time"));
    }

    /** Whether a thread of it is in one of these states, see proc(5). */
    boolean isInState(String states) {
        try {
            String status = Files.readString(Path.of("/proc", Integer.toString(pid()), "status"));
            return states.indexOf(status.split("State:\t", 2)[1].charAt(0)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
