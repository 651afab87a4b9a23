package dev.tracetoll.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.problem.OperationFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own for one round, {@link RoundMain}, started with the options and the class path of this one. It ends with its last arm, and
 * when it is closed or this process ends, however that happens.
 */
final class RoundProcess implements AutoCloseable {

    /** For its target and its tracer to be gone. */
    private static final long LEAVING_SECONDS = 20;

    private final Process process;
    private final BufferedReader replies;
    private final LastLine errors;
    private final Thread atShutdown;
    private volatile boolean shuttingDown;

    private RoundProcess(Process process) {
        this.process = process;
        this.replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.errors = new LastLine(process);
        this.atShutdown = new Thread(this::shutDown, "end-round");
        Runtime.getRuntime().addShutdownHook(atShutdown);
    }

    /**
     * Starts to measure a round.
     *
     * @throws OperationFailed if no JVM can be started
     */
    static RoundProcess start(Round measured) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // It need not have come from the command line.
        Optional.ofNullable(System.getProperty(TargetProgram.HOME_PROPERTY))
                .ifPresent(home -> command.add("-D" + TargetProgram.HOME_PROPERTY + "=" + home));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RoundMain.class.getName()));
        try {
            RoundProcess round = new RoundProcess(new ProcessBuilder(command).start());
            OutputStream requests = round.process.getOutputStream();
            requests.write((new ObjectMapper().writeValueAsString(measured) + "\n").getBytes(StandardCharsets.UTF_8));
            requests.flush();
            return round;
        } catch (IOException e) {
            throw new OperationFailed("Cannot start a JVM to measure in: " + e.getMessage(), e);
        }
    }

    /**
     * Waits for what an arm has left; that of the first comes once all have been measured.
     *
     * @param arm the next in the round's order
     * @param progress told now and then how far the round is
     * @throws dev.tracetoll.problem.Problem if it could not be measured
     */
    RoundReply next(ArmSpec arm, Consumer<RoundReply> progress) {
        while (true) {
            RoundReply reply = read(arm);
            if (reply.aboutAnArm()) {
                return reply;
            }
            progress.accept(reply);
        }
    }

    private RoundReply read(ArmSpec arm) {
        String line = readLine();
        if (shuttingDown) {
            // Whatever is said now is said of the end of this process; that comes at once.
            while (true) {
                LockSupport.park(this);
            }
        }
        if (line == null) {
            throw new OperationFailed("The measuring process of " + arm.name() + " on " + arm.target()
                    + " ended without a sample" + errors.inWords() + "; it was killed, or see --debug");
        }
        return RoundReply.parse(line, arm.name());
    }

    private @Nullable String readLine() {
        try {
            return replies.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    private void shutDown() {
        shuttingDown = true;
        end();
    }

    private void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended.
        }
        try {
            if (!process.waitFor(LEAVING_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
        } catch (IllegalStateException e) {
            // This process is ending.
        }
        errors.end();
        try {
            replies.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps the last line that a process writes to its standard error: where a JVM says why it cannot go on. */
    private static final class LastLine {

        private final Thread reader;
        private volatile String line = "";

        LastLine(Process process) {
            reader = new Thread(() -> read(process), "round-errors");
            reader.setDaemon(true);
            reader.start();
        }

        private void read(Process process) {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String next = lines.readLine(); next != null; next = lines.readLine()) {
                    line = next;
                }
            } catch (IOException e) {
                // It is closed together with the process.
            }
        }

        void end() {
            try {
                reader.join(TimeUnit.SECONDS.toMillis(LEAVING_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        String inWords() {
            end();
            return line.isEmpty() ? "" : " (" + line.strip() + ")";
        }
    }
}
